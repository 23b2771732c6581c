"""Tests of unit planner rules."""
