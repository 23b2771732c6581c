"""Choosing tools for a request by their descriptions and by what was planned before."""
