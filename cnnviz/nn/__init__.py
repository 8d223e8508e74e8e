"""PyTorch: convolution and pooling of arrays, networks, data sets and training."""
