"""Templates in the talk: what there is, and making one of a plan; and remembering approved plans."""

import asyncio
from datetime import datetime

from bot.conversation.context import Context
from bot.language.catalogue import ENGLISH
from bot.language.intents import SaveTemplate
from bot.render.templates import library_message, parameters_of, template_message
from executor.egress.files import ProjectFiles
from memory.model.authority import Right
from memory.model.base import PlanHash
from memory.model.errors import BadInput, Conflict, NotFound
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.plan import Plan
from memory.model.work.value import Label
from memory.store.engine.database import Connection
from memory.store.knowledge import notes, projects
from memory.store.planning import plans, requests
from memory.store.traffic import audit
from planner.material import KIND, approved
from planner.port import Remembered
from planner.template import Library, Template
from planner.templates.compare import template_of
from planner.templates.library import FOLDER, library
from planner.templates.matching import no_such
from planner.templates.reading import read_template
from planner.templates.writing import written_template

_GONE = {PlanState.DROPPED, PlanState.SUPERSEDED}


async def list_templates(context: Context) -> None:
    """What templates there are."""
    context.must(Right.SEE)
    await context.just_reply(library_message(context.services.locale, await _library(context)))


async def show_template(context: Context, name: str) -> None:
    """What one does and takes."""
    context.must(Right.SEE)
    found = await _library(context)
    template = found.find(name)
    if template is None:
        raise NotFound(no_such(name, found))
    await context.just_reply(template_message(context.services.locale, template))


async def save_template(context: Context, command: SaveTemplate) -> None:
    """Make a template of this thread's plan, in the project's folder."""
    context.must(Right.ASK)
    stored, past, others = await _materials(context, context.state.plan or context.state.last_plan)
    name = command.name or stored.plan.title
    files = await context.services.executor.list_files(context.project)
    template = template_of(past, name, others, files)
    path, text = f"{FOLDER}/{template.name}.yaml", written_template(template)
    read_template(text, file=path, own=True)  # what cannot be read again is not written
    async with context.services.database.reading() as connection:
        root = ProjectFiles(await projects.root(connection, context.project))
    await asyncio.to_thread(_keep, root, path, text, template)
    async with context.deciding() as tx:
        await audit.record(
            tx,
            context.project,
            actor=context.person.key,
            action="template.saved",
            on=stored.plan.hash,
            at=context.services.clock.now(),
            ids={"path": path},
        )
        await context.reply(tx, _saved(template, path))


async def remember(tx: Connection, plan: Plan, *, at: datetime) -> None:
    """Keep an approved plan by the words it was asked for in, so that it is found again."""
    asked = await requests.load(tx, plan.request)
    await notes.keep_note(
        tx, plan.project, KIND, plan.title, asked.text, plan.hash, Label.UNTRUSTED, at
    )


async def _library(context: Context) -> Library:
    async with context.services.database.reading() as connection:
        root = await projects.root(connection, context.project)
    return await asyncio.to_thread(library, root)


async def _materials(
    context: Context, wanted: PlanHash
) -> tuple[StoredPlan, Remembered, tuple[Remembered, ...]]:
    if not wanted:
        raise BadInput("There is no plan here yet to make a template of.")
    async with context.services.database.reading() as connection:
        stored = await plans.load(connection, context.project, wanted)
        if stored.state in _GONE:
            raise BadInput("That plan was dropped or replaced; say it under a plan that stands.")
        asked = await requests.load(connection, stored.plan.request)
        others = await approved(connection, context.project)
    past = Remembered(text=asked.text, plan=stored.plan)
    return stored, past, tuple(one for one in others if one.plan.hash != wanted)


def _keep(files: ProjectFiles, path: str, text: str, template: Template) -> None:
    """Write the file. Raises Conflict where the name is taken by another template."""
    other = library(files.root).find(template.name)
    target = files.resolve(path)
    if target.is_file() and target.read_bytes() == text.encode():
        return
    if target.exists() or (other is not None and other.source == "project"):
        raise Conflict(
            "There is a template {name} already; save it under another name, for example "
            "`save this as a template called {name}-2`.",
            name=template.name,
        )
    files.write(path, text.encode())


def _saved(template: Template, path: str) -> str:
    found = parameters_of(ENGLISH, template)
    names = list(template.properties)
    example = f", {names[0]}: …" if names else ""
    use = f"Use it with `use the {template.name} template{example}`; it is the file `{path}`, which I wrote."
    takes = f"What can be different next time:\n{found}" if found else "It takes no parameters."
    return f"Saved as the template **{template.title}**.\n{takes}\n{use}"
