"""What is timed, and how: ratios against reference pages in the same run; never asserted."""
