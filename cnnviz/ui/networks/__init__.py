"""Looking into a network: its layers, why each number, what can be tried on it."""
