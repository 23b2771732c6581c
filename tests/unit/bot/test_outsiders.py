"""Guests, people of other organisations and bots: they look, or aren't heard; never do they approve."""

from pathlib import Path

import pytest

from memory.model.base import ProjectId
from memory.model.identity import OUTSIDERS, Identity, Role, Standing
from memory.store.engine.database import Database
from memory.store.knowledge import projects
from tests.conftest import SetClock
from tests.fakes.slack.harness import SlackHarness, slack_bench

ANA = Identity(platform="slack", workspace="T1", user_id="U1", display="ana")
HOME = ProjectId("prj_home")
MARKS: list[dict[str, object]] = [
    {"is_restricted": True},
    {"is_ultra_restricted": True},
    {"is_stranger": True},
    {"deleted": True},
    {"team_id": "T-OTHER"},
]


async def waiting_plan(ready: SlackHarness) -> None:
    """Ana's plan that publishes; bo is an approver, given in the chat."""
    await ready.say("ana", "make @bo approver")
    await ready.say("ana", "publish the report")
    assert "Plan" in ready.heard()


@pytest.mark.parametrize("marks", MARKS, ids=lambda marks: next(iter(marks)))
async def test_a_guest_s_approval_is_refused_though_they_were_made_approver(
    sqlite: Database, clock: SetClock, tmp_path: Path, marks: dict[str, object]
) -> None:
    async with slack_bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await waiting_plan(ready)
        ready.workspace.user("bo").marks.update(marks)
        await ready.react("bo", "✅")
        assert "read-only" in ready.heard()
        await ready.say("ana", "make @bo approver")
        assert "those only look" in ready.heard()
        ready.workspace.user("bo").marks.clear()
        await ready.react("bo", "✅", removed=True)
        await ready.react("bo", "✅")
        assert "read-only" not in ready.heard()


async def test_a_bot_s_approval_is_not_heard(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await waiting_plan(ready)
        ready.workspace.user("bo").marks["is_bot"] = True
        await ready.react("bo", "✅")
        assert ready.heard() == ""


@pytest.mark.parametrize("standing", sorted(OUTSIDERS))
async def test_an_outsider_is_a_viewer_to_everyone_who_asks_for_roles(
    database: Database, clock: SetClock, tmp_path: Path, standing: Standing
) -> None:
    async with database.transaction() as tx:
        await projects.make(tx, HOME, name="home", root=tmp_path, at=clock.now())
        seen = await projects.seen(
            tx, HOME, ANA, default_role=Role.OWNER, at=clock.now(), standing=standing
        )
        assert seen is Role.VIEWER
        await projects.set_role(tx, HOME, ANA, Role.OWNER, at=clock.now())
        assert await projects.members_of(tx, HOME) == ((ANA.key, "ana", Role.VIEWER),)
        assert await projects.owners(tx) == {}
        known = Standing.MEMBER
        again = await projects.seen(
            tx, HOME, ANA, default_role=Role.MEMBER, at=clock.now(), standing=known
        )
        assert again is Role.OWNER


async def test_who_was_known_stays_so_while_the_platform_can_t_be_asked(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        await projects.make(tx, HOME, name="home", root=tmp_path, at=clock.now())
        for standing in (Standing.MEMBER, Standing.UNKNOWN):
            role = await projects.seen(
                tx, HOME, ANA, default_role=Role.MEMBER, at=clock.now(), standing=standing
            )
            assert role is Role.MEMBER
