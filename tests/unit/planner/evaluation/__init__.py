"""Tests of unit planner evaluation."""
