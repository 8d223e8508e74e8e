"""Training as values: its settings, what is known of a run, programs that repeat one."""
