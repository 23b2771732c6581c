"""Tests of unit planner compiling."""
