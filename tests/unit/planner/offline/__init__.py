"""Tests of unit planner offline."""
