"""What approvals a plan takes, and whether those given are enough."""
