"""Requests and plans in the chat: ask, plan, show, decide, run again."""
