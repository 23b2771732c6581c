"""Slack's user groups and Discord's roles give roles, looked up as people act and at each effect."""

import shutil
from pathlib import Path

import pytest

from bot import groups as asking
from bot.config.projects import rules_of
from bot.config.settings import ProjectSettings, Settings
from memory.model.authority import Rules
from memory.model.base import ProjectId
from memory.model.identity import Role, Standing
from memory.store.engine.database import Database
from memory.store.knowledge import groups, projects
from tests.conftest import SetClock
from tests.contract.approvals.office import OWNER, PROJECT, Office, empty, slack
from tests.fakes.discord.harness import discord_bench
from tests.fakes.slack.harness import slack_bench

LEADS = "slack:T1:S-leads"
BO = slack("bo")


async def test_a_slack_user_group_approves_and_whoever_left_it_doesn_t(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(
        sqlite, clock, tmp_path, owners=("ana",), approver_groups=("S1",)
    ) as ready:
        bo = ready.workspace.user("bo").id
        inside = ready.workspace.state.user_groups.setdefault("S1", {bo})
        await ready.say("ana", "publish the report")
        await ready.react("kim", "✅")
        assert "an approver or the owner has to approve it" in ready.heard()
        inside.clear()
        await ready.react("bo", "✅")
        assert "an approver or the owner has to approve it" in ready.heard()
        inside.add(bo)
        await ready.react("bo", "✅", removed=True)
        await ready.react("bo", "✅")
        assert "Approved by bo" in ready.heard()


async def test_a_guest_in_a_user_group_approves_nothing_from_the_first_moment(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(
        sqlite, clock, tmp_path, owners=("ana",), approver_groups=("S1",)
    ) as ready:
        bo = ready.workspace.user("bo")
        bo.marks["is_restricted"] = True
        ready.workspace.state.user_groups.setdefault("S1", {bo.id})
        await ready.say("ana", "publish the report")
        await ready.react("bo", "✅")
        assert "read-only" in ready.heard()


async def test_a_discord_role_approves_and_whoever_lost_it_doesn_t(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(
        sqlite, clock, tmp_path, owners=("ana",), approver_groups=("77",)
    ) as ready:
        bo = ready.server.member("bo")
        await ready.say("ana", "publish the report")
        await ready.react("bo", "✅")
        assert "an approver or the owner has to approve it" in ready.heard()
        ready.server.world.roles[bo] = ["77"]
        await ready.react("bo", "✅", removed=True)
        await ready.react("bo", "✅")
        assert "Approved by bo" in ready.heard()


async def test_a_group_that_can_t_be_asked_about_gives_nobody_anything_new(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(
        sqlite, clock, tmp_path, owners=("ana",), approver_groups=("S-gone",)
    ) as ready:
        await ready.say("ana", "publish the report")
        await ready.react("bo", "✅")
        assert "an approver or the owner has to approve it" in ready.heard()


async def test_whoever_is_known_in_a_group_is_asked_about_again(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path, approver_groups=("S1",)) as ready:
        bo = ready.workspace.user("bo").id
        inside = ready.workspace.state.user_groups.setdefault("S1", {bo})
        await ready.say("bo", "hello")
        async with sqlite.reading() as connection:
            assert len(await groups.everyone(connection)) == 1
        inside.clear()
        await asking.refresh(ready.services)
        async with sqlite.reading() as connection:
            assert await groups.everyone(connection) == ()


@pytest.fixture
def grouped(tmp_path: Path) -> Settings:
    named = ProjectSettings(name="p", approver_groups=(LEADS,))
    return Settings(data=tmp_path, workspace=tmp_path, projects=(named,))


async def made(database: Database, clock: SetClock, folder: Path) -> ProjectId:
    async with database.transaction() as tx:
        await projects.make(tx, PROJECT, name="p", root=folder, at=clock.now())
        await groups.note(tx, BO, {LEADS}, at=clock.now())
    return PROJECT


async def test_what_a_platform_said_long_ago_counts_no_more(
    database: Database, clock: SetClock, tmp_path: Path, grouped: Settings
) -> None:
    project = await made(database, clock, tmp_path)
    for minutes, counts in ((0, True), (14, True), (2, False)):
        clock.forward(hours=minutes / 60)
        async with database.reading() as connection:
            rules = await rules_of(grouped, connection, project, now=clock.now())
        assert (rules.fixed_role(BO.key) is Role.APPROVER) is counts


async def test_a_guest_has_nothing_of_a_group(
    database: Database, clock: SetClock, tmp_path: Path, grouped: Settings
) -> None:
    project = await made(database, clock, tmp_path)
    async with database.transaction() as tx:
        await projects.seen(
            tx, project, BO, default_role=Role.MEMBER, at=clock.now(), standing=Standing.GUEST
        )
        rules = await rules_of(grouped, tx, project, now=clock.now())
    assert rules.fixed_role(BO.key) is None


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> Office:
    """On a database of its own; made outside of any event loop."""
    return Office(Path(shutil.copytree(empty(), tmp_path / "data")), clock)


async def test_a_run_goes_on_only_as_long_as_its_approver_is_in_the_group(office: Office) -> None:
    await settled(office, approver_groups=(LEADS,))
    which = await office.asks(slack("ana"))
    await office.told(BO, LEADS)
    assert await office.approves(BO, which, "reaction")
    assert await office.starts(which)
    await office.told(BO)
    assert not await office.effects(which)
    await office.told(BO, LEADS)
    assert await office.effects(which)
    office.clock.forward(hours=16 / 60)
    assert not await office.effects(which)
    await office.database.close()


async def test_who_is_named_in_the_settings_no_more_has_what_they_gave_no_more(
    office: Office,
) -> None:
    await settled(office, approvers=(BO.key,))
    which = await office.asks(slack("ana"))
    assert await office.approves(BO, which, "reaction")
    await settled(office, approvers=())
    assert not await office.starts(which)
    await office.database.close()


async def settled(office: Office, **fixed: tuple[str, ...]) -> None:
    """The settings say so from now on, and everybody was seen."""
    project = office.settings.projects[0].model_copy(update=fixed)
    office.settings = office.settings.model_copy(update={"projects": (project,)})
    await office.restart()
    await office.meet(OWNER, slack("ana"), BO)


async def test_whoever_is_in_a_group_of_viewers_only_looks(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Also when the platform hasn't told for long, and whatever other groups say."""
    named = ProjectSettings(name="p", approver_groups=(LEADS,), viewer_groups=("slack:T1:S-out",))
    settings = Settings(data=tmp_path, workspace=tmp_path, projects=(named,))
    project = await made(sqlite, clock, tmp_path)
    async with sqlite.transaction() as tx:
        await groups.note(tx, BO, {LEADS, "slack:T1:S-out"}, at=clock.now())
    for hours in (0, 48):
        clock.forward(hours=hours)
        async with sqlite.reading() as connection:
            rules = await rules_of(settings, connection, project, now=clock.now())
        assert rules.fixed_role(BO.key) is Role.VIEWER
    async with sqlite.transaction() as tx:
        await groups.note(tx, BO, {LEADS}, at=clock.now())
        rules = await rules_of(settings, tx, project, now=clock.now())
    assert rules.fixed_role(BO.key) is Role.APPROVER


def test_a_person_who_is_named_is_what_they_are_named() -> None:
    rules = Rules(approvers=frozenset({BO.key}), viewers=frozenset({BO.key}))
    assert rules.fixed_role(BO.key) is Role.APPROVER
