"""What a worker process does beside its attempts."""
