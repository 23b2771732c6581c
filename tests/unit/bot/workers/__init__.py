"""Tests of unit bot workers."""
