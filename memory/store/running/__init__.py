"""Runs, attempts and what they left."""
