"""Chat completions: what is sent, what is heard, what it cost, what went wrong."""
