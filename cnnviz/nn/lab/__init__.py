"""Convolution, pooling and activation of arrays by PyTorch, kept as traces."""
