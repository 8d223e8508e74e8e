"""Networks as values: their layers, and the records of what they compute."""
