"""Jobs, messages to send, events and the audit chain."""
