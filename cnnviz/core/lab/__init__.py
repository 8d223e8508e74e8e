"""The lab: convolution and pooling as specs and traces, their sizes, chains and challenges."""
