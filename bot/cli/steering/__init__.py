"""Commands that pause, resume, cancel and retry."""
