"""Tests of unit bot conversation."""
