"""Measuring the planner on anybody's own cases: files in, predictions and scores out."""
