"""Tests of unit bot platforms."""
