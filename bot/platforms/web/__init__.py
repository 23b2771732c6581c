"""Sessions in a browser: threads whose messages are rows that the page shows."""
