"""What people teach: numbers, whose it is, what is left of what was forgotten."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from memory.model.agents.routing import RoutingRule
from memory.model.base import ProjectId, sha256
from memory.model.errors import NotFound
from memory.model.work.rule import Evidence, Rule, RuleKind, RuleState
from memory.store.engine.database import Database
from memory.store.knowledge import rules
from memory.store.tables import rules as table
from tests.conftest import SetClock

PROJECT = ProjectId("p")
ANA, BO = "slack:t:ana", "slack:t:bo"


def taught(text: str, at: datetime, *, person: str = "", **fields: object) -> Rule:
    given = {"id": sha256(text.encode()), "project": PROJECT, "kind": RuleKind.FACT, "author": ANA}
    return Rule.model_validate({**given, "text": text, "person": person, "at": at, **fields})


async def test_a_number_is_never_given_twice_and_the_same_rule_is_kept_once(
    database: Database, clock: SetClock
) -> None:
    now = clock.now()
    async with database.transaction() as tx:
        first = await rules.keep(tx, taught("one", now))
        again = await rules.keep(tx, taught("one", now))
        await rules.keep(tx, taught("elsewhere", now, project="other"))
        await rules.forget(tx, first, by=ANA, at=now)
        second = await rules.keep(tx, taught("two", now))
    assert (first.number, again.number, second.number) == (1, 1, 2)
    async with database.reading() as connection:
        assert [rule.text for rule in await rules.known(connection, PROJECT, ANA)] == ["two"]
        with pytest.raises(NotFound):
            await rules.get(connection, PROJECT, ANA, 1)


async def test_what_one_person_is_remembered_by_is_not_anothers_to_see(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await rules.keep(tx, taught("for ana", clock.now(), person=ANA))
        await rules.keep(tx, taught("for all", clock.now()))
    async with database.reading() as connection:
        assert [rule.text for rule in await rules.known(connection, PROJECT, BO)] == ["for all"]
        assert len(await rules.known(connection, PROJECT, ANA)) == 2
        with pytest.raises(NotFound):
            await rules.get(connection, PROJECT, BO, 1)


async def test_nothing_of_it_is_left_where_it_was_forgotten(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        kept = await rules.keep(tx, taught("my secret hobby", clock.now(), person=ANA, source="e1"))
        await rules.forget(tx, kept, by=ANA, at=clock.now())
    async with database.reading() as connection:
        (row,) = (await connection.execute(sa.select(table))).all()
    assert "hobby" not in str(row)
    assert ANA not in str(row)


async def test_a_proposal_is_decided_once(database: Database, clock: SetClock) -> None:
    routing = RoutingRule(effect="never", agent="grok", task_type="code", said="no Grok for code")
    evidence = Evidence(agent="grok", task_type="code", tried=20, failed=12)
    proposed = taught(
        "no Grok for code", clock.now(), kind="rule", state="proposed",
        routing=routing, evidence=evidence, replaces=3,
    )  # fmt: skip
    async with database.transaction() as tx:
        kept = await rules.keep(tx, proposed)
        assert (kept.routing, kept.evidence, kept.replaces) == (routing, evidence, 3)
        assert await rules.known(tx, PROJECT, ANA) == ()
        assert await rules.activate(tx, kept, by=BO, at=clock.now())
        assert not await rules.turn_down(tx, kept, by=ANA, at=clock.now())
        assert [rule.state for rule in await rules.known(tx, PROJECT, ANA)] == [RuleState.ACTIVE]


async def test_a_secret_is_masked(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        kept = await rules.keep(
            tx, taught("the key is sk-abcdefghijklmnopqrstuvwx1234567890", clock.now())
        )
    assert "abcdefghijklmnop" not in kept.text
