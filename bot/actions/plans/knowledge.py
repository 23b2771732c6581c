"""What is kept for later: files that came or were made, approved plans, results of runs."""

import asyncio
import itertools
import mimetypes
from typing import Final

from bot.chat import Attachment, ChatPlatform, OutFile
from bot.queries.quotas import size_of
from bot.quotas import Whose, refuse_full
from bot.services import Desk
from executor.egress.files import ProjectFiles
from memory.model.base import Digest, ProjectId
from memory.model.errors import BadInput, OrchestraError
from memory.model.limits import FILE_READ_BYTES
from memory.model.work.plan import Plan
from memory.model.work.quotas import Counted
from memory.model.work.run import RunState, RunView
from memory.model.work.value import File, Label, Table, Text
from memory.store.engine.database import Connection
from memory.store.knowledge import notes, projects
from memory.store.planning import requests
from memory.store.running import artifacts
from planner.material import KIND

INBOX: Final = "inbox"
SHOWN_BYTES: Final = 8_000_000
"""Larger files are named, not sent: free Discord takes 10 MB, and a phone no more."""

FILES_SENT: Final = 10
NOTE_CHARS: Final = 4_000


async def keep_attachment(
    desk: Desk, project: ProjectId, attachment: Attachment, platform: ChatPlatform
) -> str:
    """Write what somebody posted beneath the project's folder; where it lies there.

    Raises BadInput for what is too large, NotAllowed for what doesn't fit the project's quota,
    SendFailed for what cannot be fetched.
    """
    if attachment.size > FILE_READ_BYTES:
        raise BadInput("{file} is larger than 50 MB, so I didn't keep it.", file=attachment.name)
    await _room(desk, project, attachment.size)
    files, data = await _files(desk, project), await platform.fetch(attachment)
    return await asyncio.to_thread(_write, files, attachment.name, data)


async def _room(desk: Desk, project: ProjectId, size: int) -> None:
    async with desk.database.reading() as connection:
        stored = await asyncio.to_thread(size_of, await projects.root(connection, project))
        await refuse_full(
            connection, desk.settings, Whose(project=project), Counted.STORAGE,
            now=desk.clock.now(), more=size, stored=stored,
        )  # fmt: skip


async def keep_artifact(
    tx: Connection, desk: Desk, project: ProjectId, data: bytes, media_type: str
) -> Digest:
    """Keep the bytes for a message that shows them."""
    return await artifacts.put(tx, project, data, media_type, at=desk.clock.now())


async def remember_plan(tx: Connection, desk: Desk, plan: Plan) -> None:
    """Keep an approved plan by the words it was asked for in, so that it is found again."""
    asked = await requests.load(tx, plan.request)
    await notes.keep_note(
        tx, plan.project, KIND, plan.title, asked.text, plan.hash, Label.UNTRUSTED, desk.clock.now()
    )


async def result_files(desk: Desk, view: RunView) -> tuple[OutFile, ...]:
    """The files the run wrote, kept as they are now, small enough to send."""
    values = {task.value.path: task.value for task in view.pieces if isinstance(task.value, File)}
    files = await _files(desk, view.project)
    found: list[OutFile] = []
    for path, value in list(values.items())[:FILES_SENT]:
        data = await asyncio.to_thread(_read, files, path)
        if data is None:
            continue
        kind = value.media_type or mimetypes.guess_type(path)[0] or "application/octet-stream"
        async with desk.database.transaction() as tx:
            digest = await keep_artifact(tx, desk, view.project, data, kind)
        name, title = path.rpartition("/")[2], value.title or path
        found.append(OutFile(name=name, digest=digest, media_type=kind, title=title, path=path))
    return tuple(found)


async def keep_result(tx: Connection, desk: Desk, view: RunView, plan: Plan) -> None:
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
        desk.clock.now(),
    )


async def remember_opinion(
    tx: Connection, desk: Desk, view: RunView, person: str, why: str, value: int
) -> None:
    """Note why somebody likes a result or doesn't; an opinion without a reason has no note."""
    source = f"opinion:{view.id}:{person}"
    title = f"{'👍' if value > 0 else '👎'} {view.title}"
    note = await notes.keep_note(
        tx, view.project, "note", title, why[:NOTE_CHARS], source, Label.UNTRUSTED, desk.clock.now()
    )
    if not why:
        await notes.forget_note(tx, view.project, note)


async def _files(desk: Desk, project: ProjectId) -> ProjectFiles:
    async with desk.database.reading() as connection:
        return ProjectFiles(await projects.root(connection, project))


def _write(files: ProjectFiles, name: str, data: bytes) -> str:
    """Write the file under its own name, or one beside it where that is taken by another."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1].lstrip(".") or "file"
    stem, dot, ending = plain.rpartition(".")
    head, tail = (stem, f".{ending}") if dot else (plain, "")
    for number in itertools.count(1):
        path = f"{INBOX}/{head}{'' if number == 1 else f'-{number}'}{tail}"
        if not files.kind(path) or _read(files, path) == data:
            break
    return files.relative(files.write(path, data))


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
