"""What a run leaves behind: files to show, and a note to find it by."""

import asyncio
import mimetypes

from bot.chat import OutFile
from bot.services import Services
from executor.egress.files import ProjectFiles
from memory.model.errors import OrchestraError
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, RunView
from memory.model.work.value import (
    File,
    Label,
    Table,
    Text,
)
from memory.store.engine.database import Connection
from memory.store.knowledge import notes, projects
from memory.store.running import artifacts

SHOWN_BYTES = 8_000_000
"""Larger files are named, not sent: free Discord takes 10 MB, and a phone no more."""

FILES_SENT = 10
NOTE_CHARS = 4_000


async def result_files(services: Services, view: RunView) -> tuple[OutFile, ...]:
    """The files the run wrote, kept as they are now, small enough to send."""
    values = {task.value.path: task.value for task in view.pieces if isinstance(task.value, File)}
    async with services.database.reading() as connection:
        files = ProjectFiles(await projects.root(connection, view.project))
    found: list[OutFile] = []
    for path, value in list(values.items())[:FILES_SENT]:
        data = await asyncio.to_thread(_read, files, path)
        if data is None:
            continue
        kind = value.media_type or mimetypes.guess_type(path)[0] or "application/octet-stream"
        async with services.database.transaction() as tx:
            now = services.clock.now()
            digest = await artifacts.put(tx, view.project, data, kind, at=now)
        name = path.rpartition("/")[2]
        title = value.title or path
        found.append(OutFile(name=name, digest=digest, media_type=kind, title=title, path=path))
    return tuple(found)


async def keep_result(tx: Connection, services: Services, view: RunView, plan: Plan) -> None:
    """Note what came out, so that later plans can find it."""
    if view.simulated or view.state is not RunState.SUCCEEDED:
        return
    lines = [f"{task.title}: {_gist(task.value)}" for task in view.tasks if task.value is not None]
    await notes.keep_note(
        tx,
        view.project,
        "result",
        plan.title,
        "\n".join(lines)[:NOTE_CHARS],
        f"run:{view.id}",
        Label.UNTRUSTED,
        services.clock.now(),
    )


def _gist(value: object) -> str:
    match value:
        case Text():
            return value.text[:600]
        case Table():
            return f"{value.total_rows} rows of {', '.join(value.columns)}"
        case File():
            return value.path
        case _:
            return "a value"


def _read(files: ProjectFiles, path: str) -> bytes | None:
    try:
        return files.read(path, limit=SHOWN_BYTES)
    except OrchestraError:
        return None
