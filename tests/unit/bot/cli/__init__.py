"""Tests of unit bot cli."""
