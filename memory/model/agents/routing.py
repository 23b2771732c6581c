"""On which terms agents are chosen."""

from typing import Literal

from memory.model.base import Model


class RoutingRule(Model):
    """What people decided about an agent. `task_type` "" is every type of work.

    `said` is how a person put it: "never use Grok for code".
    """

    effect: Literal["never", "prefer", "always"]
    agent: str
    task_type: str = ""
    said: str = ""
