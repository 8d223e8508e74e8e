"""NumPy, Pillow and the standard library: specs, records, sizes, kernels and pictures."""
