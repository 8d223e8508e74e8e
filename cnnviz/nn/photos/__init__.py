"""Networks for photographs: named, explained, and used to find things."""
