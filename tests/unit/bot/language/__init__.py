"""Tests of unit bot language."""
