"""A person's pictures: brought in, kept in the session, changed, prepared."""
