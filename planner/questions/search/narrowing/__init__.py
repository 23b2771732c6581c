"""What narrows the rows: spans of time, times between dates, words in texts, values held beside each other."""
