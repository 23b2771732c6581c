"""Schedules in words: when, the next times, what became of the last."""
