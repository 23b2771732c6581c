"""Replies: answers to questions, and words that approve."""
