"""Tests of planner catalogue."""
