"""Structured output from any OpenAI-compatible endpoint."""
