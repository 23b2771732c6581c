"""The planner that needs no model."""
