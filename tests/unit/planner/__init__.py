"""Units of the planner."""
