"""What was said: words into one of the things a person can mean."""
