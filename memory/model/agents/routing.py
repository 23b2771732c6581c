"""On which terms agents are chosen: the dial, rules, who is busy, how much may be tried out."""

from enum import StrEnum
from math import sqrt
from typing import Literal

from pydantic import Field

from memory.model.base import AgentName, Model

HALF_LIFE_DAYS = 60.0
"""After so many days what was seen of an agent counts half."""

EXPLORATION_SHARE = 0.05
"""The share of a project's money that may go to agents tried out, where it sets none."""

TRIALS_PER_ROOT = 6.0
"""Of 900 attempts 180 may be trials, of 10,000 only 600: what is worth learning is learnt by then."""


class Dial(StrEnum):
    """What a saved dollar is worth in quality."""

    CHEAP = "cheap"
    BALANCED = "balanced"
    BEST = "best"


class RoutingRule(Model):
    """What people decided about an agent. `task_type` "" is every type of work.

    `said` is how a person put it: "never use Grok for code".
    """

    effect: Literal["never", "prefer", "always"]
    agent: str
    task_type: str = ""
    said: str = ""


class AgentState(Model):
    """How an agent is now. `paused`: its breaker is open; `waiting`: attempts in line for it."""

    agent: AgentName
    paused: bool = False
    waiting: int = 0


class Allowance(Model):
    """What may be spent on trying agents out, in micro-USD: a share of what the project spends.

    Where a trial costs nothing, or nobody knows what, its share is one of attempts. However little
    they cost, trials are at most every third attempt, and their number grows as a square root.
    """

    share: float = Field(default=EXPLORATION_SHARE, ge=0, le=1)
    spent_micro_usd: int = 0
    explored_micro_usd: int = 0
    """What of it went to agents that were tried out."""
    attempts: int = 0
    explored: int = 0
    """How many of the attempts tried an agent out."""

    def covers(self, cost_micro_usd: int | None) -> bool:
        """Whether a trial of this cost may be made."""
        most = min(TRIALS_PER_ROOT * sqrt(self.attempts + 1), (self.attempts + 1) / 3)
        if self.explored + 1 > most:
            return False
        if not cost_micro_usd:
            return self.explored + 1 <= self.share * (self.attempts + 1)
        spent = self.spent_micro_usd + cost_micro_usd
        return self.explored_micro_usd + cost_micro_usd <= self.share * spent


class Routing(Model):
    """What a project sets about choosing agents."""

    dial: Dial = Dial.BALANCED
    exploration: float = Field(default=EXPLORATION_SHARE, ge=0, le=1)
    half_life_days: float = Field(default=HALF_LIFE_DAYS, gt=0)


class WorkType(Model):
    """The project's own type of work that a task was taken for, by the tasks that were done here.

    `share` is how sure that is (0..1); `of` is how many tasks of the type it was learned from.
    """

    name: str
    share: float = Field(ge=0, le=1)
    of: int


class TypeGuess(Model):
    """How likely each of the project's types of work is (they sum to 1), and their numbers of tasks."""

    shares: dict[str, float]
    of: dict[str, int]


class Considered(Model):
    """One agent as it stood when the choice was made.

    `quality` is what was expected of it (0..1) on the worth of `evidence` attempts; `samples` are
    the attempts themselves. `cost_micro_usd` is what one usually costs, None where not known.
    """

    agent: AgentName
    quality: float
    evidence: float
    samples: int
    cost_micro_usd: int | None = None


class Choice(Model):
    """Why an agent was chosen, in numbers."""

    chosen: Considered
    over: tuple[Considered, ...] = ()
    """Who else could have done it, in order."""
    dial: Dial = Dial.BALANCED
    rule: str = ""
    """The rule that decided, as it was said."""
    explored: bool = False
    """It was tried out, though another was expected to do better."""
