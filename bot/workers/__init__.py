"""Background workers: jobs, notifier, reporter, scheduler."""
