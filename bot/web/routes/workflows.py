"""Workflows: templates as documents, checked while they are drawn, and planned as in chat."""

import asyncio
import json
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field, JsonValue

from bot.actions.access.chat_sessions import open_session
from bot.actions.templates import SaveTemplate, save
from bot.chat import Incoming
from bot.queries.plans.cards import agent_names
from bot.queries.templates import templates_of
from bot.queries.web.documents import (
    Template,
    as_yaml,
    drawn,
    read_document,
    read_yaml,
    template_called,
)
from bot.web.problems import NotBuilt
from bot.web.shapes.common import InProject, Page
from bot.web.shapes.graphs import laid_out
from bot.web.shapes.workflows import (
    Checked,
    Document,
    Fault,
    TemplateLine,
    checked,
    document,
    template_line,
)
from bot.web.state import Decides, Reads, Works
from bot.web.tags import must_match, tag_of
from memory.model.base import Model
from memory.model.errors import BadInput
from memory.model.limits import REQUEST_CHARS

router = APIRouter(tags=["workflows"])

Name = Annotated[str, Path(min_length=1, max_length=80)]
Values = Annotated[dict[str, str], Field(max_length=100)]
MOST_CHARS = 200_000


class Draft(Model):
    """A template as YAML, or as the JSON of its document."""

    yaml: str = Field(default="", max_length=MOST_CHARS)
    document: dict[str, JsonValue] | None = None


class ToCheck(Draft):
    """What is drawn, with the values of its parameters."""

    project: str = Field(default="", max_length=200)
    values: Values = {}


class ToPlan(Model):
    """In which project, and with which values."""

    project: str = Field(default="", max_length=200)
    values: Values = {}


class Begun(Model):
    """The session in which the plan will be shown."""

    session: str


@router.get("/templates")
@router.get("/workflows")
async def list_templates(visit: Reads, project: InProject = "") -> Page[TemplateLine]:
    """The project's own templates, then those that ship."""
    async with visit.looking(project) as asking:
        library = await templates_of(asking)
    return Page(items=tuple(map(template_line, library.templates)))


@router.post("/workflows/validate")
async def validate(visit: Reads, given: ToCheck) -> Checked:
    """What is wrong with a document, task by task, or what it would do and cost. Changes nothing."""
    try:
        template = _read(given)
    except BadInput as error:
        return Checked(
            ok=False, problems=(Fault(task="", text=error.user_text),), graph_hash=None,
            effects=(), tasks=(), assumptions=(), estimate=None, layout=None,
        )  # fmt: skip
    async with visit.looking(given.project) as asking:
        found = await drawn(asking, template, given.values)
    layout = await asyncio.to_thread(laid_out, found.graph) if found.graph else None
    return checked(found, layout, agent_names(visit.services))


@router.get("/templates/{name}")
@router.get("/workflows/{name}")
async def one_template(
    visit: Reads, name: Name, response: Response, project: InProject = ""
) -> Document:
    """A template as its file has it, and as JSON."""
    async with visit.looking(project) as asking:
        found = document(await template_called(asking, name))
    response.headers["ETag"] = found.etag
    return found


@router.put("/templates/{name}")
@router.put("/workflows/{name}")
async def put_template(
    visit: Works,
    name: Name,
    request: Request,
    response: Response,
    given: Draft,
    project: InProject = "",
) -> Document:
    """Keep it in the project's folder. If-Match has the tag of what it takes the place of."""
    template = _read(given)
    if not template.is_called(name):
        raise BadInput(
            "The document is called {name}, not what the address says.", name=template.name
        )
    meant = await visit.project(project)
    async with visit.looking(meant) as asking:
        held = (await templates_of(asking)).find(template.name)
    own = held if held and held.source == "project" else None
    must_match(request, tag_of(as_yaml(own)) if own else None)
    text = as_yaml(template)
    await visit.act(meant, save, SaveTemplate(text=text, replace=own is not None))
    response.headers["ETag"] = tag_of(text)
    return document(template)


@router.post("/workflows/{name}/plan", status_code=202)
async def plan(visit: Decides, name: Name, given: ToPlan) -> Begun:
    """Ask for it in a new session: its plan is shown there, and waits for approval as any other."""
    project = await visit.project(given.project)
    async with visit.looking(project) as asking:
        template = await template_called(asking, name)
    values = ", ".join(
        f"{parameter}: {json.dumps(value, ensure_ascii=False)}"
        for parameter, value in given.values.items()
        if parameter in template.properties and value.strip()
    )
    words = f"use template {template.name}" + (f" with {values}" if values else "")
    if len(words) > REQUEST_CHARS:
        raise BadInput("That is more than {n} characters at once.", n=REQUEST_CHARS)
    ref = await open_session(visit.services, visit.actor, project)
    said = Incoming(
        event_id=visit.event, kind="message", thread=ref, author=visit.person,
        message=visit.event, text=words, at=visit.services.clock.now(),
    )  # fmt: skip
    await visit.web.receive(said)
    return Begun(session=ref.thread)


@router.post("/workflows/suggest", include_in_schema=False)
@router.post("/workflows/adapt", include_in_schema=False)
@router.post("/workflows/learn", include_in_schema=False)
@router.post("/workflows/analyze", include_in_schema=False)
@router.post("/orchestration/communicate", include_in_schema=False)
async def to_come(visit: Reads) -> None:
    """What isn't there yet says so."""
    del visit
    raise NotBuilt("That isn't built yet; say it in a session, where chat can do it.")


def _read(given: Draft) -> Template:
    if given.document is not None:
        return read_document(given.document)
    return read_yaml(given.yaml)
