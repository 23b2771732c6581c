"""Canaries: a mark in every kind of thing of one project, and nothing of it through any door of another."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from memory.model.base import ProjectId
from memory.recall.opening import open_recall
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import projects
from memory.store.tables import metadata
from tests.flows.play import Said, bot
from tests.flows.whole.program import ExternalAgents, Whole, state, whole

MARK: Final = "zanzibar"
"""A word that nobody says in the other project."""

OWNED: Final = {name: table for name, table in metadata.tables.items() if "project_id" in table.c}


async def rows_of(database: Database, project: str) -> dict[str, list[str]]:
    """Every row of the project, by table, as text."""
    async with database.reading() as connection:
        return {
            name: sorted(
                str(tuple(row))
                for row in await connection.execute(
                    table.select().where(table.c.project_id == project)
                )
            )
            for name, table in OWNED.items()
        }


PLANTED: Final = (
    Said("ana", f"remember that our prices are set in {MARK}"),
    bot("remember this"),
    Said("ana", f"always write for {MARK} readers"),
    bot("remember this"),
    Said("ana", f"write 'words of {MARK}' to notes/{MARK}.md"),
    bot("writes notes/"),
    Said("ana", "run"),
    bot("Done in"),
    Said("ana", f"count the words in {MARK}.txt"),
    bot(f"Count {MARK}.txt"),
    Said("ana", f"save this as a template called {MARK} count"),
    bot("Saved as the template"),
    Said("ana", f"every day at 9: count the words in {MARK}.txt"),
    bot("Runs every day"),
    Said("ana", "run"),
    bot("It is schedule 1"),
    Said("ana", f"keep secret:{MARK} = Tr0ub4dor3horse"),
    bot(f"secret:{MARK}"),
    Said("ana", "budget $50 a month"),
    bot("$50"),
    Said("ana", f"write 'pay {MARK}' to notes/todo.md"),
    bot("writes notes/todo.md"),
)  # fmt: skip
"""Fact, preference, file, run, result, template, schedule, budget, and a plan that waits."""

ASKED: Final = (
    "run", "yes", "drop", "status", "what are you working on?", "what is waiting for me?",
    "what did we do today?", "why this agent?", "why did it fail?", "undo", "rerun", "retry", "plan again",
    "what if Gemini did the drafts?", "skip 1", "change it", "dry run", "cancel", "resume", "pause",
    "what do you know?", "what do you know about prices?", "where are our prices set?", "how do you know that",
    "secrets", "preferences", "forget rule 1", "accept rule 1", "forget everything about me",
    "templates", "show the count template", "use the count template",
    "schedules", "schedule 1", "run schedule 1 now", "pause schedule 1", "delete schedule 1",
    "change schedule 1 to every Friday at 17:00",
    "budget", "what did it cost yesterday?", "what did it cost today?", "will the budget last?",
    "roles", "agents", "how good is ChatGPT?", "who is best at writing?", "settings", "which project is this?",
    "list the files", "tell me about the files", "how many words are in todo.md?", "summarise the notes",
    "show notes/todo.md", "show ../files/notes/todo.md", "what did I just say?", "set that for everyone",
    "save this as a template called mine", "help", "what can you do?",
)  # fmt: skip
"""What is said in the other project, by the same person in the same thread."""


def bears(text: str) -> bool:
    return MARK in text.casefold()


@asynccontextmanager
async def planted(folder: Path) -> AsyncIterator[Whole]:
    """The program, with the mark everywhere in "sales", and the terminal switched to "Other"."""
    async with whole("console", ExternalAgents(folder)) as ready:
        (ready.files / f"{MARK}.txt").write_text(f"words about {MARK} and cloves")
        await state(
            ready,
            *PLANTED,
            Said("ana", "create project Other"),
            bot("is created"),
            Said("ana", "switch to project Other"),
            bot("You're in project"),
        )
        yield ready


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    database = Database(database_url(folder / "data"))
    try:
        yield database
    finally:
        await database.close()


async def ids(database: Database) -> tuple[ProjectId, ProjectId]:
    async with database.reading() as connection:
        mine = await projects.named(connection, "sales")
        other = await projects.named(connection, "Other")
    assert mine is not None
    assert other is not None
    return mine, other


UNMARKED: Final = {
    "acts": "what other doors did: none is used here",
    "api_tokens": "made by the machine's owner at a terminal; none is here",
    "approval_requests": "ids only",
    "approvals": "ids only",
    "attempts": "ids only",
    "audit": "ids only",
    "budget_allowances": "nobody may spend more for a while here",
    "budget_periods": "ids and amounts",
    "budgets": "its name is the project's",
    "calls": "the cache is off unless it's set",
    "channels": "ids only",
    "events": "ids, titles of tasks where they have any",
    "delegations": "nobody delegated here",
    "effects": "holds paths where a tool says them",
    "feedback": "ids only",
    "firings": "none is due in a test",
    "ledger": "ids and amounts",
    "lines": "no agent has a limit here",
    "members": "people's names",
    "profiles": "counts",
    "questions": "nothing is open here",
    "rates": "no agent has a limit here",
    "signals": "ids only",
    "standing_approvals": "ids, effects by path",
    "tasks": "ids, the plan has the words",
    "policies": "the built-in one holds here",
    "preferences": "what is taught is kept as rules",
    "runs": "ids, the plan has the words",
    "threads": "ids only",
    "waits": "nobody is asked here",
}
"""Tables whose rows can't bear the mark here; what is new in the schema has to be looked at."""


async def test_nothing_of_one_project_comes_through_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="orchestra")
    async with planted(tmp_path) as ready:
        for words in ASKED:
            await state(ready, Said("ana", words))
            assert not bears(ready.harness.heard()), f"{words}: {ready.harness.heard()}"
    async with opened(tmp_path) as database:
        mine, other = await ids(database)
        theirs, ours = await rows_of(database, other), await rows_of(database, mine)
        async with database.reading() as connection:
            root = await projects.root(connection, other)
        await _search(database, tmp_path, mine, other)
    marked = {name for name, rows in ours.items() if any(map(bears, rows))}
    assert not {name for name, rows in theirs.items() if any(map(bears, rows))}
    assert set(OWNED) - marked <= set(UNMARKED), "plant a mark in the new table, or say why not"
    assert len(marked) > 8, sorted(marked)
    assert not [path for path in root.rglob("*") if bears(str(path)) or _holds(path)]
    assert not [record for record in caplog.records if bears(record.getMessage())]


async def _search(database: Database, folder: Path, mine: ProjectId, other: ProjectId) -> None:
    """The index of meanings is one for all projects: what it gives is looked up by project."""
    async with open_recall(folder / "data", database) as recall:
        await recall.catch_up()
        for text in (MARK, "where are our prices set?", "rain", "count words"):
            found = await recall.search(other, text, limit=50)
            assert not any(map(bears, map(str, found))), text
            assert not any(bears(str(task)) for task in await recall.similar_tasks(other, text))
        assert any(bears(str(found)) for found in await recall.search(mine, MARK, limit=50))


def _holds(path: Path) -> bool:
    return path.is_file() and MARK.encode() in path.read_bytes()
