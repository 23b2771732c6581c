"""What is known and was taught, as the API gives it."""

from datetime import datetime

from bot.queries.about.knowledge import Known
from memory.model.base import Model
from memory.model.work.rule import Rule


class KnownLine(Model):
    """Something known. `source` is a path, a run's id, or who said it; `text` may be from outside."""

    kind: str
    title: str
    text: str
    source: str
    at: datetime


class Found(Model):
    """The nearest first; `total` with those that aren't shown."""

    items: tuple[KnownLine, ...]
    total: int
    next: str | None = None


class RuleLine(Model):
    """Something taught. `own`: it holds for whoever taught it alone."""

    number: int
    kind: str
    text: str
    author: str
    own: bool
    state: str
    at: datetime


def known_line(known: Known) -> KnownLine:
    """Something known."""
    return KnownLine.model_validate(known, from_attributes=True)


def rule_line(rule: Rule) -> RuleLine:
    """Something taught."""
    return RuleLine(
        number=rule.number, kind=rule.kind, text=rule.text, author=rule.author_name,
        own=bool(rule.person), state=rule.state, at=rule.at,
    )  # fmt: skip
