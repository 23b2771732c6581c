"""Whom a budget is for, by what people call it: a schedule, a template, a run or a task of one."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from bot.queries.asking import Asking
from bot.queries.budgets import running_in
from bot.queries.schedules import all_schedules
from bot.queries.templates import templates_of
from memory.model.base import Model, RunId, name_key
from memory.model.budget import Scope, task_subject
from memory.model.errors import BadInput, NotFound
from memory.model.timing.stored_schedule import StoredSchedule
from memory.store.planning import plans
from memory.store.running import runs

Kind = Literal["schedule", "template", "task", "run"]

_KIND: Final = re.compile(
    r"^(?:(?:the|this|that|our)\s+)?(?P<kind>schedule|template|task|step|run)\b\s*#?(?P<rest>.*)$",
    re.IGNORECASE,
)
_KIND_LAST: Final = re.compile(
    r"^(?:(?:the|our)\s+)?(?P<rest>.+?)\s+(?P<kind>schedule|template)$", re.IGNORECASE
)
_ARTICLE: Final = re.compile(r"^(?:the|our|my)\s+", re.IGNORECASE)
_TIMES: Final = frozenset(
    [
        "hourly",
        "daily",
        "nightly",
        "weekly",
        "monthly",
        "quarterly",
        "yearly",
        "morning",
        "evening",
        "every",
        "each",
        "day",
        "night",
        "week",
        "month",
        "weekday",
        "run",
        "scheduled",
        "recurring",
    ]
)
"""Words that say when a schedule runs, where its title may say what it does alone."""


class Subject(Model):
    """What a budget is set for, and what it's called."""

    scope: Scope
    subject: str
    name: str


async def subject_of(
    asking: Asking,
    words: str,
    *,
    thread: str = "",
    only: Kind | None = None,
    loosely: bool = False,
) -> Subject | None:
    """The schedule, template, run or task the words name; None where they name none of these.

    `thread`: where "this run" and "task 2" are looked for. `only`: what it has to be. `loosely`: a
    part of a schedule's title will do, even where nothing says that it's a schedule. Raises
    NotFound for a kind that is said and isn't there, BadInput where several fit.
    """
    kind, rest = _read(words, only)
    match kind:
        case "run":
            return await _run(asking, rest, thread)
        case "task":
            return await _task(asking, rest, thread)
        case "schedule":
            return await _schedule(asking, rest, thread)
        case "template":
            return await _template(asking, rest)
        case None:
            named = _scheduled(await _schedules(asking), rest, loosely=loosely)
            return named or await _found_template(asking, rest)


def _read(words: str, only: Kind | None) -> tuple[Kind | None, str]:
    said = words.strip()
    found = _KIND.match(said) or _KIND_LAST.match(said)
    if only is not None:
        fits = found is not None and found["kind"].casefold() == only
        return only, (found["rest"] if found is not None and fits else said).strip()
    if found is None:
        return None, said
    kind = found["kind"].casefold()
    kinds: dict[str, Kind] = {"schedule": "schedule", "template": "template", "run": "run"}
    return kinds.get(kind, "task"), found["rest"].strip()


async def _run(asking: Asking, rest: str, thread: str) -> Subject:
    run = rest or await running_in(asking, thread)
    if not run:
        raise NotFound(
            "Nothing is running in this thread, so there's no run to limit. Say it again once it "
            "has started, or limit the project, for example with `budget $2 a day`."
        )
    stored = await runs.get(asking.connection, asking.project, RunId(run))
    return Subject(scope="run", subject=stored.id, name=f"run {stored.id[:8]}")


async def _task(asking: Asking, rest: str, thread: str) -> Subject:
    """`2`, `research`, or `run_ab12:research`."""
    said, _, wanted = rest.rpartition(":")
    of_run = await _run(asking, said, thread)
    stored = await runs.get(asking.connection, asking.project, RunId(of_run.subject))
    graph = (await plans.load(asking.connection, asking.project, stored.plan)).plan.graph
    numbered = dict(enumerate(graph.tasks, 1))
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 0
    task = numbered.get(number) or next(
        (task for task in graph.tasks if name_key(wanted) in map(name_key, (task.key, task.title))),
        None,
    )
    if task is None:
        raise NotFound("The run has no task {task}.", task=wanted)
    subject = task_subject(stored.id, task.key)
    return Subject(scope="task", subject=subject, name=task.title[:60])


async def _schedules(asking: Asking) -> list[StoredSchedule]:
    return [stored for stored, _ in await all_schedules(asking)]


async def _schedule(asking: Asking, rest: str, thread: str) -> Subject:
    known = await _schedules(asking)
    if not rest:
        here = [stored for stored in known if stored.thread.key == thread]
        if len(here) == 1:
            return _of(here[0])
    numbered = [stored for stored in known if str(stored.number) == rest]
    found = _of(numbered[0]) if numbered else _scheduled(known, rest, loosely=True)
    if found is None:
        raise NotFound(
            "There is no schedule {number} here; say `schedules` to see them all.", number=rest
        )
    return found


def _of(stored: StoredSchedule) -> Subject:
    return Subject(scope="schedule", subject=stored.id, name=stored.title[:60])


def _scheduled(known: Sequence[StoredSchedule], words: str, *, loosely: bool) -> Subject | None:
    """The schedule with this title; `loosely`, the only one whose title has all that say what."""
    wanted = name_key(_ARTICLE.sub("", words.strip()))
    exact = [stored for stored in known if name_key(stored.title) == wanted]
    fit = exact or (_telling_as_much(known, wanted) if loosely else [])
    if len(fit) > 1:
        raise BadInput(
            "Schedules {numbers} fit “{name}”. Say which, for example `schedule {first} at most "
            "$1 a day`.",
            numbers=", ".join(str(stored.number) for stored in fit),
            name=words,
            first=fit[0].number,
        )
    return _of(fit[0]) if fit else None


def _telling_as_much(known: Sequence[StoredSchedule], wanted: str) -> list[StoredSchedule]:
    """The schedules whose title has all the words that say what, and not when."""
    what = set(wanted.split()) - _TIMES
    return [stored for stored in known if what and what <= set(name_key(stored.title).split())]


async def _template(asking: Asking, rest: str) -> Subject:
    found = await _found_template(asking, rest)
    if found is None:
        raise NotFound("There's no template {name}; say `templates` to see them all.", name=rest)
    return found


async def _found_template(asking: Asking, words: str) -> Subject | None:
    library = await templates_of(asking)
    wanted = _ARTICLE.sub("", words.strip())
    template = library.find(wanted) or next(
        (known for known in library.templates if name_key(known.title) == name_key(wanted)), None
    )
    if template is None:
        return None
    return Subject(scope="template", subject=template.name, name=template.title[:60])
