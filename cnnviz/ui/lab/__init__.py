"""The convolution lab: filter and moves, the map, and what can be done with it."""
