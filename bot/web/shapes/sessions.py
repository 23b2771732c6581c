"""Sessions in a browser and what is said in them, as the API gives it."""

from datetime import datetime
from typing import Literal

from bot.chat import Button, Fact, Grid, OutFile, Section, Tone
from bot.chat import Part as PartOf
from bot.queries.web.callers import Reach
from bot.queries.web.sessions import Line, Listed
from memory.model.base import Model

TITLE_CHARS = 80


class SessionLine(Model):
    """A session: a thread of yours about a project."""

    id: str
    project: str
    project_name: str
    title: str
    created_at: datetime
    updated_at: datetime


class SectionShape(Model):
    """A paragraph with its buttons; `full`: with all its details."""

    text: str
    full: str
    part: PartOf
    facts: tuple[Fact, ...]
    grid: Grid | None
    buttons: tuple[Button, ...]


class FileShape(Model):
    """A file that was shown."""

    name: str
    digest: str
    media_type: str
    title: str
    alt: str
    path: str
    url: str


class Message(Model):
    """Something said. An edit keeps its `id`, and its `version` rises."""

    id: str
    by: Literal["bot", "me", "other"]
    author: str
    at: datetime
    text: str
    tone: Tone
    version: int
    sections: tuple[SectionShape, ...]
    reactions: tuple[str, ...]
    files: tuple[FileShape, ...]


class Heard(Model):
    """It was taken in; what comes of it are messages."""

    id: str


def session_line(found: Listed, reach: Reach) -> SessionLine:
    """A session in a list."""
    return SessionLine(
        id=found.ref.thread,
        project=found.project,
        project_name=reach.name(found.project),
        title=titled(found.title),
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def titled(words: str) -> str:
    """The first words as a title."""
    title = " ".join(words.split())
    return title if len(title) <= TITLE_CHARS else f"{title[: TITLE_CHARS - 1]}…"


def message(line: Line, session: str) -> Message:
    """What was said, by a person or the bot."""
    out = line.out
    return Message(
        id=line.id,
        by="bot" if out else "me" if line.own else "other",
        author=line.author,
        at=line.at,
        text=line.text,
        tone=out.tone if out else "plain",
        version=line.version,
        sections=tuple(map(_section, out.sections)) if out else (),
        reactions=out.reactions if out else (),
        files=tuple(_file(file, session) for file in out.files) if out else (),
    )


def _section(section: Section) -> SectionShape:
    return SectionShape.model_validate(section, from_attributes=True)


def _file(file: OutFile, session: str) -> FileShape:
    url = f"/api/v1/sessions/{session}/files/{file.digest}"
    return FileShape(**file.model_dump(), url=url)
