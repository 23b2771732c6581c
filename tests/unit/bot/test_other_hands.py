"""Whose words made a plan what it is doesn't approve it, whosever request it began as.

Ana, who is a member, asks; bo and kim are approvers.
"""

from pathlib import Path

import pytest

from memory.model.base import ProjectId, RunId
from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.flows.bench import Talk, bench
from tests.flows.scripted import ScriptedExecutor

PARTLY = "partly what you asked for"


async def test_an_approver_who_changes_a_plan_doesn_t_approve_it_alone(talk: Talk) -> None:
    async with talk(approvers=("bo", "kim")) as ready:
        await ready.say("ana", "publish the report, tell it")
        await ready.say("bo", "change: publish the salaries, too")
        assert "Needs: 1 approver: U-kim" in ready.heard()
        await ready.react("bo", "✅")
        assert PARTLY in ready.heard()
        assert "kim" in ready.heard()
        await ready.react("kim", "✅")
        assert "Approved by kim" in ready.heard()


async def test_the_hand_stays_in_what_is_made_of_the_plan(talk: Talk) -> None:
    async with talk(approvers=("bo", "kim")) as ready:
        await ready.say("ana", "publish the report, tell it")
        await ready.say("bo", "change: publish the salaries, too")
        await ready.say("ana", "change: publish it in blue")
        await ready.react("bo", "✅")
        assert PARTLY in ready.heard()


async def test_leaving_something_out_is_no_hand_in_it(talk: Talk) -> None:
    async with talk(approvers=("bo",)) as ready:
        await ready.say("ana", "publish the report, tell it")
        await ready.say("bo", "skip 1")
        await ready.react("bo", "✅")
        assert "Approved by bo" in ready.heard()


@pytest.mark.parametrize("words", ["rerun", "rerun it, but publish the salaries, too"])
async def test_whoever_has_it_done_again_doesn_t_approve_it(
    words: str, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, approvers=("bo", "kim")) as ready:
        await ready.say("ana", "publish the report, tell it")
        await ready.react("bo", "✅")
        await ready.say("bo", words)
        await ready.react("bo", "✅")
        assert PARTLY in ready.heard()
        await ready.react("kim", "✅")
        assert "Approved by kim" in ready.heard()


async def test_whoever_answers_in_words_of_their_own_has_a_hand_in_it(talk: Talk) -> None:
    async with talk(approvers=("bo", "kim")) as ready:
        await ready.say("ana", "write a blog post")
        await ready.say("bo", "managers, publish")
        await ready.react("bo", "✅")
        assert PARTLY in ready.heard()
        await ready.react("kim", "✅")
        assert "Approved by kim" in ready.heard()


@pytest.mark.parametrize("what", ["an option that was offered", "a change"])
async def test_where_whoever_asked_says_yes_the_one_approver_may(talk: Talk, what: str) -> None:
    async with talk(approvers=("bo",)) as ready:
        if what == "a change":
            await ready.say("ana", "publish the report, tell it")
            await ready.say("bo", "change: publish the salaries, too")
        else:
            await ready.say("ana", "write a blog post")
            await ready.say("bo", "managers, publish")
        await ready.react("bo", "✅")
        assert "or whoever asked for it says yes to it first" in ready.heard()
        await ready.react("cy", "✅")
        assert "Approved by" not in ready.heard()
        await ready.react("ana", "✅")
        assert "Approved by" not in ready.heard()
        await ready.react("bo", "✅", removed=True)
        await ready.react("bo", "✅")
        assert "Approved by ana and bo" in ready.heard()


async def test_a_yes_that_was_taken_back_is_none(talk: Talk) -> None:
    async with talk(approvers=("bo",)) as ready:
        await ready.say("ana", "publish the report, tell it")
        await ready.say("bo", "change: publish the salaries, too")
        await ready.react("ana", "✅")
        await ready.react("ana", "✅", removed=True)
        await ready.react("bo", "✅")
        assert PARTLY in ready.heard()
        assert "Approved by" not in ready.heard()


async def test_a_yes_to_the_plan_before_is_none_to_the_next(talk: Talk) -> None:
    async with talk(approvers=("bo",)) as ready:
        await ready.say("ana", "publish the report, tell it")
        await ready.say("bo", "change: publish the salaries, too")
        await ready.react("ana", "✅")
        await ready.say("bo", "change: publish the passwords, too")
        await ready.react("bo", "✅")
        assert PARTLY in ready.heard()
        assert "Approved by" not in ready.heard()


async def test_other_times_of_a_schedule_are_somebody_s_words(talk: Talk) -> None:
    async with talk(approvers=("bo", "kim")) as ready:
        await ready.say("ana", "every Monday at 9: publish the report")
        await ready.react("bo", "✅")
        await ready.say("bo", "change schedule 1 to every hour")
        await ready.react("bo", "✅")
        assert PARTLY in ready.heard()


class Undoing(ScriptedExecutor):
    """Puts one file back, whatever ran."""

    async def roll_back(self, project: ProjectId, run: RunId, *, by: str) -> tuple[str, ...]:
        del project, run, by
        return ("Makefile",)


async def test_whoever_asked_doesn_t_put_back_what_configures(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    works = Undoing(sqlite, clock)
    async with bench(sqlite, clock, tmp_path, approvers=("bo",), executor=works) as ready:
        await ready.say("cy", "configure the build")
        await ready.react("bo", "✅")
        await ready.say("cy", "undo")
        assert "an approver or the owner has to undo it" in ready.heard()
        await ready.say("bo", "undo")
        assert "Put back as before: `Makefile`" in ready.heard()
