"""Decisions of the executor: pure functions of states."""
