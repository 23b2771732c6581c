"""Requests, questions, plans and preferences."""
