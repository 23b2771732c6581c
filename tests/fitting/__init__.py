"""Fits the weights by which readings of a question are compared (planner/questions/search/weights.json)."""
