"""Networks built, loaded, captured, explained, evaluated and operated on."""
