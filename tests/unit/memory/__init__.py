"""Units of memory."""
