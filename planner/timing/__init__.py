"""Times, dates and recurrences in words."""
