"""What the words of a question name in the files: surely, as people say, or nothing."""
