"""A Slack workspace on loopback: Web API, Socket Mode, files, people and faults."""
