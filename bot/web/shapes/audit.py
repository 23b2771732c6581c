"""Rows of the audit chain as the API gives them."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from memory.model.audit import AuditRow
from memory.model.base import Model


class AuditLine(Model):
    """Who did what, when, through which door. Holds ids only."""

    seq: int
    project: str
    project_name: str
    actor: str
    actor_name: str
    action: str
    object: str
    ids: dict[str, JsonValue]
    at: datetime
    hash: str


def audit_line(row: AuditRow, project: str, people: Mapping[str, str]) -> AuditLine:
    """The row, with names for people; `people` by their keys."""
    return AuditLine(
        seq=row.seq,
        project=row.project_id,
        project_name=project,
        actor=row.actor,
        actor_name=people.get(row.actor, row.actor.rpartition(":")[2]),
        action=row.action,
        object=row.object,
        ids=row.ids,
        at=row.at,
        hash=row.hash,
    )
