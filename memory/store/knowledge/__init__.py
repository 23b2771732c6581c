"""Projects, what they know, and what was learned."""
