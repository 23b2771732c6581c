"""Chat in the browser: a session is a thread, and what is said in it goes the way of all chat.

Words can approve, set budgets and give roles, so a token has to be good for decisions to speak here.
"""

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response
from pydantic import Field

from bot.actions.access.chat_sessions import open_session
from bot.chat import Incoming
from bot.queries.plans.approval import names_of
from bot.queries.web.sessions import file_of, said_in, session, sessions_of
from bot.web.shapes.common import Hash, Id, Limit, Page
from bot.web.shapes.sessions import Heard, Message, SessionLine, message, session_line, titled
from bot.web.state import Decides, Reads, Visit
from memory.model.base import Model, ProjectId, name_key
from memory.model.errors import BadInput
from memory.model.identity import Identity, ThreadRef
from memory.model.limits import REQUEST_CHARS

router = APIRouter(tags=["sessions"])

_MENTION: Final = re.compile(r"(?<![\w@])@([^\W_][\w.-]{0,63})")
_SHOWN: Final = {"image/png", "image/jpeg", "image/gif", "image/webp"}
MessageId = Annotated[str, Path(min_length=1, max_length=400)]
Words = Annotated[str, Field(max_length=REQUEST_CHARS)]


class Open(Model):
    """About which project, and with which words if any."""

    project: str = Field(default="", max_length=200)
    text: Words = ""


class Say(Model):
    """What to say."""

    text: str = Field(min_length=1, max_length=REQUEST_CHARS)


class Press(Model):
    """The action of a button of the message, and what was typed where it asks for something."""

    action: str = Field(min_length=1, max_length=400)
    text: Words = ""


class React(Model):
    """An emoji on the message; `removed`: taken back."""

    emoji: str = Field(min_length=1, max_length=40)
    removed: bool = False


@router.post("/sessions", status_code=201)
@router.post("/orchestration/sessions", status_code=201)
async def open_(visit: Decides, response: Response, given: Open) -> SessionLine:
    """Open a session, and say something in it."""
    project = await visit.project(given.project)
    ref = await open_session(visit.services, visit.actor, project)
    response.headers["Location"] = f"/api/v1/sessions/{ref.thread}"
    if given.text.strip():
        await _say(visit, ref, project, given.text)
    line = await _line(visit, ref.thread)
    return line.model_copy(update={"title": line.title or titled(given.text)})


@router.get("/sessions")
@router.get("/orchestration/sessions", include_in_schema=False)
async def list_sessions(visit: Reads, limit: Limit = 50) -> Page[SessionLine]:
    """Your sessions, newest first."""
    async with visit.reading() as (connection, reach):
        found = await sessions_of(connection, reach, limit=limit)
    return Page(items=tuple(session_line(listed, reach) for listed in found))


@router.get("/sessions/{named}")
@router.get("/orchestration/sessions/{named}")
async def one_session(visit: Reads, named: Id) -> SessionLine:
    """One of your sessions."""
    return await _line(visit, named)


@router.get("/sessions/{named}/messages")
@router.get("/orchestration/sessions/{named}/messages", include_in_schema=False)
async def list_messages(visit: Reads, named: Id) -> Page[Message]:
    """What was said in it, oldest first, the bot's messages as they read by now."""
    async with visit.reading() as (connection, reach):
        ref = await session(connection, reach, named)
        project = ProjectId(ref.channel)
        lines = await said_in(connection, visit.caller, ref, project)
    return Page(items=tuple(message(line, named) for line in lines))


@router.post("/sessions/{named}/messages", status_code=202)
@router.post("/orchestration/sessions/{named}/messages", status_code=202)
async def say(visit: Decides, response: Response, named: Id, given: Say) -> Heard:
    """Say something. Answers come as messages, once they are there."""
    ref = await _ref(visit, named)
    await _say(visit, ref, ProjectId(ref.channel), given.text)
    response.headers["Location"] = f"/api/v1/sessions/{named}/messages"
    return Heard(id=visit.event)


@router.post("/sessions/{named}/messages/{on}/press", status_code=202)
async def press(visit: Decides, named: Id, on: MessageId, given: Press) -> Heard:
    """Press a button of the bot's message."""
    ref = await _ref(visit, named)
    await _shows(visit, ref, on, given.action)
    await _take(visit, ref, kind="button", message=on, action=given.action, text=given.text)
    return Heard(id=visit.event)


@router.post("/sessions/{named}/messages/{on}/react", status_code=202)
async def react(visit: Decides, named: Id, on: MessageId, given: React) -> Heard:
    """Put an emoji on the bot's message, or take it back."""
    ref = await _ref(visit, named)
    await _take(visit, ref, kind="reaction", message=on, emoji=given.emoji, removed=given.removed)
    return Heard(id=visit.event)


@router.get("/sessions/{named}/files/{digest}", response_class=Response)
async def one_file(visit: Reads, named: Id, digest: Hash) -> Response:
    """A file that the bot showed. Pictures are shown, anything else is a download."""
    async with visit.reading() as (connection, reach):
        ref = await session(connection, reach, named)
        _, kind, data = await file_of(connection, ref, ProjectId(ref.channel), digest)
    shown = kind in _SHOWN
    headers = {
        "Content-Disposition": "inline" if shown else "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, max-age=86400",
    }
    return Response(data, media_type=kind if shown else "application/octet-stream", headers=headers)


async def _ref(visit: Visit, named: str) -> ThreadRef:
    async with visit.reading() as (connection, reach):
        return await session(connection, reach, named)


async def _line(visit: Visit, named: str) -> SessionLine:
    async with visit.reading() as (connection, reach):
        found = await sessions_of(connection, reach, limit=200)
        await session(connection, reach, named)
    return next(session_line(listed, reach) for listed in found if listed.ref.thread == named)


async def _say(visit: Visit, ref: ThreadRef, project: ProjectId, text: str) -> None:
    async with visit.reading() as (connection, _):
        names = await names_of(connection, project)
    called = {name_key(name): key for key, name in names.items()}
    mentions = tuple(
        _mentioned(called, name.rstrip(".-")) for name in dict.fromkeys(_MENTION.findall(text))
    )
    await _take(visit, ref, kind="message", message=visit.event, text=text, mentions=mentions)


def _mentioned(called: dict[str, str], name: str) -> Identity:
    """Whoever is called so in the project, else somebody of the web's own."""
    key = called.get(name_key(name))
    if key is not None:
        return Identity.of(key).model_copy(update={"display": name})
    return Identity(platform="web", workspace="local", user_id=name_key(name), display=name)


async def _shows(visit: Visit, ref: ThreadRef, on: str, action: str) -> None:
    """Raise BadInput unless the message has that button now."""
    async with visit.reading() as (connection, _):
        lines = await said_in(connection, visit.caller, ref, ProjectId(ref.channel))
    buttons = {
        button.action
        for line in lines
        if line.id == on and line.out
        for section in line.out.sections
        for button in section.buttons
    }
    if action not in buttons:
        raise BadInput("That message has no such button any more.")


async def _take(visit: Visit, ref: ThreadRef, **what: Any) -> None:
    event = {
        "event_id": visit.event,
        "thread": ref,
        "author": visit.person,
        "at": visit.services.clock.now(),
    }
    await visit.web.receive(Incoming.model_validate({**event, **what}))
