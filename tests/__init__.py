"""Promises of Orchestra, as tests."""
