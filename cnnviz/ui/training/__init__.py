"""Networks of one's own: designed, trained, watched, kept and compared."""
