"""Conditions on rows, one kind a module."""
