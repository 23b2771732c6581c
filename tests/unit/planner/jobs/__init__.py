"""Tests of unit planner jobs."""
