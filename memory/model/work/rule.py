"""What people teach: facts, preferences and rules, and rules that were found and proposed."""

from datetime import datetime
from enum import StrEnum

from memory.model.agents.routing import RoutingRule
from memory.model.base import Model, ProjectId


class RuleKind(StrEnum):
    """What was taught: something that is so, something liked, something to heed."""

    FACT = "fact"
    PREFERENCE = "preference"
    RULE = "rule"


class RuleState(StrEnum):
    """Whether it holds."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    RETIRED = "retired"


class Evidence(Model):
    """What a proposed rule rests on: attempts of one agent at one type of work."""

    agent: str
    task_type: str
    tried: int
    failed: int


class Rule(Model):
    """One thing taught, in the words of whoever said it.

    `number` is what people call it by, never given twice in a project. `person` is the key of the
    identity it holds for, "" for everyone in the project. `author` is the key of who said it, ""
    where it was found in the records, by `evidence`. `source` is the event it was said in, or what
    was found. `replaces` is the number of the rule it takes the place of once it holds, 0 for none.
    """

    id: str
    project: ProjectId
    number: int = 0
    kind: RuleKind
    text: str
    person: str = ""
    author: str = ""
    author_name: str = ""
    source: str = ""
    state: RuleState = RuleState.ACTIVE
    routing: RoutingRule | None = None
    evidence: Evidence | None = None
    replaces: int = 0
    at: datetime
