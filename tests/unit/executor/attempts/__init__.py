"""Tests of unit executor attempts."""
