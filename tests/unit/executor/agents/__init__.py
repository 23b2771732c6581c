"""Tests of unit executor agents."""
