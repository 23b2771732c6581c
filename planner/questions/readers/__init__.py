"""Readers: marks into measures, groups, conditions and order, and those into one question."""
