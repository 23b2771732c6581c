"""What embedding costs is in the ledger and within the budgets; what is on this machine is free."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from memory.model.agents.endpoint import EmbeddingEndpoint
from memory.model.base import ProjectId
from memory.model.budget import Budget, Period
from memory.model.timing.clock import SystemClock
from memory.model.work.value import Label
from memory.recall.opening import open_recall
from memory.recall.service import Recall
from memory.store.engine.database import Database
from memory.store.knowledge import notes
from memory.store.money import budgets, ledger, planning
from memory.store.tables import ledger as lines
from planner.llms.embedding import answering
from planner.llms.embedding_purse import EmbeddingPurse
from tests.fakes.embeddings import Embeddings, served

MINE, THEIRS = ProjectId("mine"), ProjectId("theirs")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _recall(folder: Path, database: Database, fake: Embeddings, **more: object) -> Recall:
    given = {"base_url": fake.url, "model": "unlisted", "floor": 0.9, **more}
    choose = partial(answering, EmbeddingEndpoint.model_validate(given))
    embed = EmbeddingPurse(database, SystemClock()).embed
    return open_recall(folder, database, choose=choose, embed=embed)


async def _note(database: Database, project: ProjectId, title: str, text: str) -> None:
    async with database.transaction() as tx:
        await notes.keep_note(tx, project, "note", title, text, "s", Label.UNTRUSTED, NOW)


async def _limit(database: Database, micro_usd: int) -> None:
    budget = Budget(id="b", project=MINE, name="b", period=Period.TOTAL, limit_micro_usd=micro_usd)
    async with database.transaction() as tx:
        await budgets.keep(tx, budget, at=SystemClock().now())


async def _booked(database: Database) -> tuple[int, int, set[str]]:
    """Tokens, micro-USD and agents of all that was settled."""
    settled = sa.select(lines).where(lines.c.kind == "settle").subquery()
    query = sa.select(sa.func.sum(settled.c.tokens_in), sa.func.sum(settled.c.amount_micro_usd))
    async with database.reading() as connection:
        sums = (await connection.execute(query)).one()
        agents = (await connection.execute(sa.select(settled.c.agent).distinct())).scalars().all()
    return int(sums[0] or 0), int(sums[1] or 0), set(agents)


async def test_the_ledger_has_what_the_provider_bills(database: Database, tmp_path: Path) -> None:
    await _note(database, MINE, "Post", "the invoice went out")
    await _note(database, THEIRS, "Post", "the server is down")
    async with served() as fake, _recall(tmp_path, database, fake) as recall:
        await recall.catch_up()
        fake.billed -= 1  # whether it answers at all is tried with a word, for no project
        assert await recall.search(MINE, "invoice?")
        tokens, cost, agents = await _booked(database)
        assert tokens == fake.billed > 10
        assert cost > 0
        assert agents == {"unlisted"}


@pytest.mark.parametrize("more", [{"local": True}, {"price_model": "local"}])
async def test_a_free_model_is_not_booked(
    sqlite: Database, tmp_path: Path, more: dict[str, object]
) -> None:
    await _note(sqlite, MINE, "Post", "the invoice went out")
    async with served() as fake, _recall(tmp_path, sqlite, fake, **more) as recall:
        await recall.catch_up()
        assert await recall.search(MINE, "invoice?")
    assert await _booked(sqlite) == (0, 0, set())


async def test_without_money_rows_wait_for_it_and_are_read_one_by_one_and_others_go_on(
    database: Database, tmp_path: Path
) -> None:
    await _limit(database, 0)
    await _note(database, MINE, "Post", "the invoice went out")
    await _note(database, THEIRS, "Post", "the invoice came back")
    async with served() as fake, _recall(tmp_path, database, fake) as recall:
        await recall.catch_up()
        assert recall.status == "ok"
        (found,) = await recall.search(MINE, "invoice")  # by its words
        assert found.project == MINE
        assert await recall.search(THEIRS, "invoice")
        assert not any("went out" in text for text in fake.asked)
        await _limit(database, 1_000_000)
        await recall.catch_up()
        assert sum("went out" in text for text in fake.asked) == 1
        assert sum("came back" in text for text in fake.asked) == 1
        await recall.catch_up()
        assert await recall.search(MINE, "an invoice, somewhere in between other words")
        assert sum("went out" in text for text in fake.asked) == 1


async def test_rows_that_had_no_money_are_read_by_the_next_process(
    sqlite: Database, tmp_path: Path
) -> None:
    await _limit(sqlite, 0)
    await _note(sqlite, MINE, "Post", "the invoice went out")
    async with served() as fake:
        async with _recall(tmp_path, sqlite, fake) as recall:
            await recall.catch_up()
        await _limit(sqlite, 1_000_000)
        async with _recall(tmp_path, sqlite, fake) as recall:
            await recall.catch_up()
        assert sum("went out" in text for text in fake.asked) == 1


async def test_a_refused_call_is_free(sqlite: Database, tmp_path: Path) -> None:
    await _limit(sqlite, 1_000)
    await _note(sqlite, MINE, "Post", "the invoice went out")
    async with served() as fake, _recall(tmp_path, sqlite, fake) as recall:
        await recall.catch_up()
        before = await _booked(sqlite)
        fake.fails = True
        assert await recall.search(MINE, "invoice")
        assert await _booked(sqlite) == before
        async with sqlite.reading() as connection:
            (state,) = await budgets.states(connection, MINE, now=SystemClock().now())
        assert state.reserved_micro_usd == 0


async def test_what_a_dead_process_was_embedding_is_booked_in_full(sqlite: Database) -> None:
    await _limit(sqlite, 1_000)
    account = ledger.Account(MINE, "search/1", "", planning.SEARCH, "unlisted", "")
    now = SystemClock().now()
    async with sqlite.transaction() as tx:
        await planning.reserve(tx, account, 70, 70, at=now)
    async with sqlite.transaction() as tx:
        assert await planning.release_lost(tx, before=SystemClock().now(), at=now) == 1
        (state,) = await budgets.states(tx, MINE, now=now)
    assert (state.spent_micro_usd, state.reserved_micro_usd) == (70, 0)
