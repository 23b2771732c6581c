"""Tests of unit planner missing."""
