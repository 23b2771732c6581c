"""The audit chain: who did what, and whether the record of it still holds."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from bot.queries.asking import Asking
from memory.model.audit import Anchor, AuditRow, AuditVerdict
from memory.model.base import ProjectId
from memory.model.errors import BadInput
from memory.store.knowledge import projects
from memory.store.traffic import audit


async def verdict(asking: Asking, anchors: Path | None = None) -> AuditVerdict:
    """Check the whole log, of every project, and approvals; the first thing broken, if any.

    `anchors`: a file of noted ends to compare with, instead of the one in the settings. Raises
    BadInput where it can't be read.
    """
    asking.must_see()
    file = anchors or asking.desk.settings.audit.anchor_file
    noted = () if file is None else await asyncio.to_thread(_noted, file, anchors is not None)
    return await audit.verify(asking.connection, noted)


async def newest(
    asking: Asking,
    *,
    everywhere: bool = False,
    action: str = "",
    actor: str = "",
    since: datetime | None = None,
    limit: int = 50,
) -> tuple[AuditRow, ...]:
    """The project's newest rows, newest last; with `everywhere` those of every project."""
    asking.must_see()
    return await audit.listed(
        asking.connection,
        project=None if everywhere else asking.project,
        action=action,
        actor=actor,
        since=since,
        limit=limit,
    )


async def project_names(asking: Asking, rows: Sequence[AuditRow]) -> dict[str, str]:
    """What people call the projects of the rows, by id; the id itself where nobody does any more."""
    asking.must_see()
    every = {row.project_id for row in rows}
    return {
        project: await projects.called(asking.connection, ProjectId(project)) or project
        for project in every
    }


async def every_row(asking: Asking) -> AsyncIterator[AuditRow]:
    """All rows of every project, oldest first."""
    asking.must_see()
    async for row in audit.every(asking.connection):
        yield row


def _noted(file: Path, named: bool) -> tuple[Anchor, ...]:  # noqa: FBT001 - who named it decides
    if not named and not file.exists():
        return ()  # none was noted yet
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return tuple(Anchor.model_validate_json(line) for line in lines if line.strip())
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise BadInput("{path} can't be read as a file of noted ends.", path=file) from error
