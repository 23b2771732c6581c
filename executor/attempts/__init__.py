"""The life of an attempt: claim, call, check, complete."""
