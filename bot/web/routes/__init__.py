"""One file of endpoints for each noun. They call actions and queries, and add no rule."""
