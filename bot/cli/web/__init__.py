"""`orchestra web …`: the pages and the API, ways in, and tokens."""
