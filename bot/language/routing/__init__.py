"""Words that are no exact phrase, read by the router over the table of actions."""
