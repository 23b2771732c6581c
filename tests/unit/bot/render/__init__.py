"""Tests of unit bot render."""
