"""What a request leaves open that work of its kind can't do without, and the questions for it."""
