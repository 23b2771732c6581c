"""What a person's home shows: all that concerns them, in every project they're in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.chat import HOME, Incoming, Outgoing
from bot.config.settings import Settings
from bot.message_keys import plan_key
from bot.queries.about.work import under_way, waiting
from bot.queries.agents import agents_lately
from bot.queries.asking import Asking
from bot.queries.budgets import Outlook, outlooks
from bot.queries.projects import projects_in_use
from bot.queries.schedules import all_schedules
from bot.services import Desk
from memory.model.base import ProjectId
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.overview import AgentRow
from memory.model.timing.stored_schedule import StoredSchedule
from memory.model.work.run import RunView
from memory.store.engine.database import Connection
from memory.store.running import runs
from memory.store.traffic import outbox

PROJECTS = 10
RUNS = 8
WAITS = 5
BUDGETS = 6
SCHEDULES = 6
MOST_DIGITS = 15


@dataclass(frozen=True)
class There:
    """The message of a matter as it stands in its thread; `number` is that of its row.

    `near`: whoever looks could press it there, as they're on the same platform and workspace.
    """

    number: int
    ref: MessageRef
    out: Outgoing
    near: bool


@dataclass(frozen=True)
class Running:
    """A run under way, and its message where one was sent."""

    view: RunView
    there: There | None


@dataclass(frozen=True)
class Home:
    """All of it. `names` are those of the projects; `others` counts what waits for other people."""

    names: dict[ProjectId, str]
    waits: tuple[There, ...] = ()
    others: int = 0
    runs: tuple[Running, ...] = ()
    budgets: tuple[tuple[ProjectId, Outlook], ...] = ()
    schedules: tuple[tuple[ProjectId, StoredSchedule], ...] = ()
    agents: tuple[AgentRow, ...] = ()


async def home_of(desk: Desk, person: Identity, only: ProjectId | None = None) -> Home:
    """What the person may see of the projects they're in, or of `only` one of them."""
    async with desk.database.reading() as connection:
        mine = await projects_in_use(connection, desk.settings, person)
        theirs = [(id_, line) for id_, line in mine.items() if only in {None, id_}]
        roles = dict(theirs[:PROJECTS])
        each = [
            Asking(connection, desk, person, project, role, desk.clock.now())
            for project, (_, role) in roles.items()
        ]
        waits, others = await _waits(each)
        return Home(
            names={project: name for project, (name, _) in roles.items()},
            waits=waits,
            others=others,
            runs=await _runs(each),
            budgets=tuple(
                [(asking.project, known) for asking in each for known in await outlooks(asking)]
            )[:BUDGETS],
            schedules=await _schedules(each),
            agents=await _agents(each),
        )


async def pressed_there(
    connection: Connection, settings: Settings, incoming: Incoming
) -> Incoming | None:
    """The press of a button at home as one on the message it stands for.

    None where that message is none the person may press: of a project they aren't in, or elsewhere.
    """
    number, _, action = incoming.action.removeprefix(HOME).partition(":")
    if not number.isdecimal() or len(number) > MOST_DIGITS or not action:
        return None
    sent = await outbox.numbered(connection, int(number))
    if sent is None or sent.ref is None or not _near(incoming.author, sent.thread):
        return None
    if sent.project not in await projects_in_use(connection, settings, incoming.author):
        return None
    there = {"thread": sent.thread, "message": sent.message, "action": action}
    return incoming.model_copy(update=there)


async def _waits(each: Sequence[Asking]) -> tuple[tuple[There, ...], int]:
    """The messages that wait for the person, longest first, each once; how many wait for others."""
    found = [(wait, asking) for asking in each for wait in await waiting(asking)]
    found.sort(key=lambda pair: pair[0].since)
    yours = {wait.key: asking for wait, asking in found if wait.yours}
    shown = [await _there(asking, key) for key, asking in yours.items()]
    others = len({wait.key for wait, _ in found if not wait.yours} - set(yours))
    return tuple(there for there in shown if there is not None)[:WAITS], others


async def _runs(each: Sequence[Asking]) -> tuple[Running, ...]:
    """Those under way: the person's own first, else the newest."""
    found: list[tuple[bool, RunView, Asking]] = []
    for asking in each:
        rows = await runs.of_project(asking.connection, asking.project, running_only=True)
        own = {row.id for row in rows if row.started_by == asking.person.key}
        found += [(view.id in own, view, asking) for view in await under_way(asking)]
    found.sort(key=lambda each: (not each[0], -each[1].started_at.timestamp()))
    return tuple(
        [
            Running(view, await _there(asking, plan_key(view.plan_hash)))
            for _, view, asking in found[:RUNS]
        ]
    )


async def _there(asking: Asking, key: str) -> There | None:
    shown = await outbox.as_shown(asking.connection, key)
    if shown is None or shown[1].ref is None or shown[1].project != asking.project:
        return None
    number, sent = shown
    return There(
        number=number,
        ref=MessageRef(where=sent.thread, message=sent.message),
        out=Outgoing.model_validate(sent.body),
        near=_near(asking.person, sent.thread),
    )


def _near(person: Identity, where: ThreadRef) -> bool:
    return (person.platform, person.workspace) == (where.platform, where.workspace)


async def _schedules(each: Iterable[Asking]) -> tuple[tuple[ProjectId, StoredSchedule], ...]:
    found = [
        (asking.project, stored)
        for asking in each
        for stored, _ in await all_schedules(asking)
        if not stored.state.over
    ]
    return tuple(found[:SCHEDULES])


async def _agents(each: Iterable[Asking]) -> tuple[AgentRow, ...]:
    """How the agents are, each once: with the worst that any project knows of it."""
    worst: dict[str, AgentRow] = {}
    for asking in each:
        for row in await agents_lately(asking):
            known = worst.get(row.agent)
            if known is None or (known.breaker == "closed" and row.breaker != "closed"):
                worst[row.agent] = row
    return tuple(worst.values())
