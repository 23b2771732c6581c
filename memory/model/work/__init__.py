"""The task graph, the plan, and its run."""
