"""See a convolutional network work."""
