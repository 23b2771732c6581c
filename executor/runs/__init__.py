"""The life of a run: start, advance, control, end."""
