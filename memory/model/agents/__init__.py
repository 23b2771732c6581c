"""Agents and tools: what they are and how they do."""
