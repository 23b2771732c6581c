"""Charts: what a table shows, and how it is drawn."""
