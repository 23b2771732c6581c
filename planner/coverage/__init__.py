"""Coverage: nothing of a request may vanish from its plan, and nothing may be added in silence."""
