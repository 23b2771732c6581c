"""Words that say who may approve what: the policy, and who approves for whom."""
