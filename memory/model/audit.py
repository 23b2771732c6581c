"""Rows of the audit chain, and what a check of the chain says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from memory.model.base import Model, ProjectId


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


class Fault(StrEnum):
    """What gives a broken row away."""

    PREVIOUS_HASH = "previous_hash"
    """It names another row before it: one was removed, added or moved."""
    OWN_HASH = "own_hash"
    """Its content isn't what was hashed: it was changed."""


@dataclass(frozen=True)
class BrokenRow:
    """The first row of the chain that doesn't check out."""

    seq: int
    action: str
    at: datetime
    fault: Fault


@dataclass(frozen=True)
class Intact:
    """Every row checks out. Rows missing from the end show only against a `newest` noted before."""

    rows: int
    newest: str
    """The hash of the last row."""
