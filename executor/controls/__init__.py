"""What people do to a run: pause, cancel, retry, answer, decide."""
