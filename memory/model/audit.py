"""Rows of the audit chain, and what a check of the chain says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from memory.model.base import Model, PlanHash, ProjectId


class AuditRow(Model):
    """Who did what, when and to what. Holds ids only: no text of people."""

    seq: int
    project_id: ProjectId
    actor: str
    """`Identity.key` or "system"."""
    action: str
    object: str
    ids: dict[str, JsonValue]
    at: datetime
    previous: str
    """The hash of the row before; of the first row, 64 zeros."""
    hash: str
    seal: str = ""
    """An HMAC over the hash by a key outside the database; "" for rows from before seals."""


class Fault(StrEnum):
    """What gives a broken row away."""

    PREVIOUS_HASH = "previous_hash"
    """It names another row before it: one was removed, added or moved."""
    OWN_HASH = "own_hash"
    """Its content isn't what was hashed: it was changed."""
    FORGED = "forged"
    """Its hash fits, but its seal doesn't: somebody without the key wrote it."""
    UNKNOWN_KEY = "unknown_key"
    """It was sealed with a key that isn't in the file of keys."""
    UNSEALED = "unsealed"
    """It has no seal, where rows before it have one or none at all has."""
    BEGINNING = "beginning"
    """It's the first sealed row without being where sealing began: those before it lost theirs."""


@dataclass(frozen=True)
class BrokenRow:
    """The first row of the chain that doesn't check out."""

    seq: int
    action: str
    at: datetime
    fault: Fault


class Anchor(Model):
    """The end of the chain at one time, kept where those who can write the database can't."""

    seq: int
    hash: str
    at: datetime
    seal: str = ""


class AnchorFault(StrEnum):
    """What is wrong between an anchor and the chain."""

    GONE = "gone"
    """There is no such row any more."""
    DIFFERS = "differs"
    """The row is there with another hash: the chain was built anew."""
    FORGED = "forged"
    """The anchor's own seal doesn't hold."""


@dataclass(frozen=True)
class BrokenAnchor:
    """An anchor that the chain doesn't keep."""

    anchor: Anchor
    fault: AnchorFault


@dataclass(frozen=True)
class BrokenApproval:
    """An approval that isn't sealed as it was given. `schedule`: it's a standing one, of this."""

    plan: PlanHash
    person: str
    decision: str
    at: datetime
    schedule: str = ""


@dataclass(frozen=True)
class BrokenTerm:
    """What approvals are judged by that isn't sealed as it was set.

    `kind` is the table's name: a rule (`policies`), a delegation, or what a plan asked for; `on`
    is its number, or the plan's hash.
    """

    kind: str
    project: str
    on: str
    at: datetime


@dataclass(frozen=True)
class Intact:
    """Every row checks out. Rows missing from the end show only against an anchor.

    `sealed` counts the rows with a seal, `anchors` the anchors that were compared.
    """

    rows: int
    newest: str
    """The hash of the last row."""
    sealed: int = 0
    anchors: int = 0


AuditVerdict = Intact | BrokenRow | BrokenAnchor | BrokenApproval | BrokenTerm
