"""Edits and deletions in any order: doubled, late, before their message, and over a restart."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat import Incoming, deletion_id, edit_id
from memory.store.engine.database import Database
from memory.store.tables import plans
from tests.conftest import SetClock
from tests.flows.bench import THREAD, Bench, Talk, person


def first(clock: SetClock, text: str, *, who: str = "ana", addressed: bool = True) -> Incoming:
    return Incoming(
        event_id="message:c1:1", kind="message", thread=THREAD, author=person(who), message="1",
        text=text, addressed=addressed, at=clock.now(),
    )  # fmt: skip


def edit(
    of: Incoming, text: str, *, after_s: float, who: str = "ana", addressed: bool = True
) -> Incoming:
    at = of.at + timedelta(seconds=after_s)
    update = {
        "kind": "edited", "event_id": edit_id(of.event_id, at.isoformat()), "form_of": of.event_id,
        "text": text, "author": person(who), "at": at, "addressed": addressed,
    }  # fmt: skip
    return of.model_copy(update=update)


def deletion(of: Incoming) -> Incoming:
    update = {"kind": "deleted", "event_id": deletion_id(of.event_id), "form_of": of.event_id}
    return of.model_copy(update={**update, "text": ""})


async def told(ready: Bench, *events: Incoming) -> None:
    for event in events:
        await ready.app.receive(event)
    await ready.settled()


async def waiting(database: Database) -> list[str]:
    """The titles of the plans that can be approved."""
    query = sa.select(plans.c.body).where(plans.c.state == "waiting")
    async with database.reading() as connection:
        bodies = (await connection.execute(query)).scalars()
        return [
            body.partition('"title":"')[2].rpartition('"title":"')[2].partition('"')[0]
            for body in bodies
        ]


@pytest.mark.parametrize("seed", range(12))
async def test_the_newest_form_is_what_is_planned_whatever_the_order(
    seed: int, sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    """All events doubled and shuffled, some with a pause in which the bot works off what it has."""
    chance = random.Random(seed)
    async with talk() as ready:
        said = first(clock, "write the first")
        events = [said, *(edit(said, f"write form {n}", after_s=n) for n in (1, 2, 3))]
        events *= 2
        chance.shuffle(events)
        for event in events:
            await ready.app.receive(event)
            if chance.random() < 0.4:
                await ready.settled()
        await ready.settled()
    assert await waiting(sqlite) == ["write form 3"]


@pytest.mark.parametrize("seed", range(8))
async def test_a_deleted_request_leaves_no_plan_to_approve_whatever_the_order(
    seed: int, sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    chance = random.Random(seed)
    async with talk() as ready:
        said = first(clock, "write the first")
        events = [said, edit(said, "write more", after_s=1), deletion(said)] * 2
        chance.shuffle(events)
        for event in events:
            await ready.app.receive(event)
            if chance.random() < 0.4:
                await ready.settled()
        await ready.settled()
    assert await waiting(sqlite) == []


async def test_an_edit_by_somebody_else_is_ignored(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    async with talk() as ready:
        said = first(clock, "write the report")
        await told(ready, said)
        await told(ready, edit(said, "write something else", after_s=1, who="bo"))
    assert await waiting(sqlite) == ["write the report"]


async def test_a_mention_only_in_the_edited_version_makes_it_a_request(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    async with talk() as ready:
        said = first(clock, "write the report", addressed=False)
        await told(ready, edit(said, "write the report", after_s=1))
        assert 'Plan "write the report"' in ready.heard()
        await told(ready, said)
    assert await waiting(sqlite) == ["write the report"]


async def test_an_edit_of_what_nobody_said_to_the_bot_is_not_kept(
    clock: SetClock, talk: Talk
) -> None:
    async with talk() as ready:
        said = first(clock, "lunch?", addressed=False)
        await told(ready, edit(said, "lunch at one?", after_s=1, addressed=False))
        assert ready.heard() == ""


async def test_an_edit_after_a_restart_is_heard(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    said = first(clock, "write the reprot")
    async with talk() as ready:
        await told(ready, said)
    async with talk(platform=ready.platform) as again:
        again.mark = again.platform.stamp
        await told(again, edit(said, "write the report", after_s=60))
        assert "You edited your request" in again.heard()
    assert await waiting(sqlite) == ["write the report"]


async def test_an_edit_of_an_approving_word_approves_nothing(clock: SetClock, talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        said = first(clock, "hm")
        await told(ready, said)
        await told(ready, edit(said, "run", after_s=1))
        assert ready.services.executor.starts == 0
