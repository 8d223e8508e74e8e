"""Pictures: opened, changed step by step, prepared for networks."""
