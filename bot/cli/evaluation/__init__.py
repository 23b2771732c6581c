"""`orchestra eval`: how well the planner does."""
