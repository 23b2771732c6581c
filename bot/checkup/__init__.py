"""`orchestra doctor`: what works, what doesn't, and what to do about it."""
