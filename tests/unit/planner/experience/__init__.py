"""Tests of unit planner experience."""
