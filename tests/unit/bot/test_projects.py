"""Projects as objects: made, renamed, switched, archived and restored by those who may."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import places
from bot.cli.app import run
from bot.language.routing.projects import projecting
from memory.model.base import ProjectId
from memory.model.identity import Identity, Role, ThreadRef
from memory.store.engine.database import Database
from memory.store.knowledge import projects, rules
from memory.store.money import budgets
from memory.store.planning import policies
from memory.store.tables import (
    audit,
    ledger,
    notes,
    plans,
    preferences,
    requests,
    runs,
    schedules,
    standing_approvals,
)
from memory.store.tables import policies as policy_rows
from memory.store.traffic.seal_keys import seal_decisions
from tests.conftest import SetClock
from tests.flows.bench import Bench, bench, person

OTHER = ThreadRef(platform="testchat", workspace="w", channel="c9", thread="t9")
DIRECT = ThreadRef(platform="slack", workspace="T1", channel="D1", thread="t1")
CY = Identity(platform="slack", workspace="T1", user_id="U-cy", display="cy")


async def named(ready: Bench, name: str) -> ProjectId:
    async with ready.services.database.reading() as connection:
        project = await projects.named(connection, name)
    assert project is not None
    return project


async def audited(database: Database, action: str) -> list[tuple[str, str]]:
    query = sa.select(audit.c.actor, audit.c.project_id).where(audit.c.action == action)
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(query.order_by(audit.c.seq))]


async def give(ready: Bench, name: str, who: str, role: Role) -> None:
    project = await named(ready, name)
    async with ready.services.database.transaction() as tx:
        await projects.set_role(tx, project, person(who), role, at=ready.clock.now())


async def test_a_project_is_made_renamed_archived_and_restored(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(database, clock, tmp_path) as ready:
        await ready.say("ana", "create project Website")
        assert "Project **Website** is created, and you own it" in ready.heard()
        project = await named(ready, "website")
        assert project.startswith("prj_")
        await ready.say("ana", "rename project website to Shop")
        assert "now called **Shop**" in ready.heard()
        assert await named(ready, "SHOP") == project
        await ready.say("ana", "archive project Shop")
        assert "nothing new starts" in ready.heard()
        await ready.say("ana", "projects")
        assert "**Shop**: you are owner (archived)" in ready.heard()
        await ready.say("ana", "restore project shop")
        assert "is back" in ready.heard()
        await ready.say("ana", "restore project shop")
        assert "isn't archived" in ready.heard()
    deeds = ("project.created", "project.renamed", "project.archived", "project.restored")
    for deed in deeds:
        assert [actor for actor, _ in await audited(database, deed)] == [person("ana").key], deed


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("create project website", "There's already a project Website"),
        ("create project TEST", "There's already a project test"),
        ("create project slack-T1-C1", "are those of channels"),
        ("create project “👀”", "needs a letter or a number"),
        ("create project “Web\u200bsite”", "can't be seen"),
        ("rename project Website to test", "There's already a project test"),
        ("rename project test to Other", "orchestra.toml names this project test"),
        ("show project Nowhere", "There's no project Nowhere that you're in"),
    ],
)
async def test_names_that_collide_or_mislead_are_refused(
    said: str, reason: str, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as ready:
        await ready.say("ana", "create project Website")
        await ready.say("ana", said)
        assert reason in ready.heard()


@pytest.mark.parametrize(
    "work",
    [
        "create a project plan for the launch",
        "create project plan for the launch party",
        "copy project notes.md to archive/notes.md",
        "rename project.csv to old.csv",
        "start project kickoff notes",
        "show project status",
        "show the project budget",
        "list the project files",
        "archive the reports",
        "switch to French",
        "make a new project report",
    ],
)
def test_what_is_work_or_shown_otherwise_makes_no_project(work: str) -> None:
    assert projecting(work) is None


async def test_only_owners_and_admins_handle_projects_and_others_hear_who_could(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("kim",)) as ready:
        await ready.say("bo", "create project Website")
        assert "Only an admin of this installation or the owner of a project" in ready.heard()
        await ready.say("kim", "create project Website")
        assert "kim" not in ready.heard()
        for said in (
            "rename project Website to Shop",
            "archive project Website",
            "show project Website",
        ):
            await ready.say("bo", said)
            assert "There's no project Website that you're in" in ready.heard(), said
        await give(ready, "Website", "bo", Role.MEMBER)
        for said in ("rename project Website to Shop", "archive project Website"):
            await ready.say("bo", said)
            assert "Only an owner of project Website (kim) or an admin" in ready.heard(), said
        await ready.say("bo", "projects")
        assert "**Website**: you are member" in ready.heard()
        await ready.say("ana", "archive project Website")
        assert "is archived" in ready.heard()
        assert await audited(sqlite, "project.renamed") == []


async def test_an_archived_project_is_only_looked_at(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(database, clock, tmp_path, owners=("ana",)) as ready:
        await ready.say("ana", "write the report")
        await ready.say("ana", "archive project")
        assert "Project **test** is archived" in ready.heard()
        for said in (
            "write another report",
            "run",
            "budget $50 a month",
            "remember that Acme is closed",
            "make @kim approver",
            "resume project",
        ):
            await ready.say("ana", said)
            assert "This project is archived" in ready.heard(), said
        for said, shows in (
            ("roles", "ana"),
            ("budget", "budget"),
            ("status", "is waiting for approval"),
        ):
            await ready.say("ana", said)
            assert shows in ready.heard(), said
        await ready.say("ana", "restore project")
        await ready.say("ana", "run")
        assert "archived" not in ready.heard()


async def test_archiving_asks_about_what_is_at_work(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await ready.say("ana", "write it slow")
        await ready.say("ana", "run")
        await ready.say("ana", "archive project")
        assert "still has work under way: " in ready.heard()
        assert "archive project test and cancel its runs" in ready.heard()
        await ready.say("ana", "status")
        assert "archived" not in ready.heard()
        await ready.say("ana", "archive project test and cancel its runs")
        assert "1 run was ended" in ready.heard()
        assert [view.state for view in ready.services.executor.views.values()] == ["cancelled"]


async def test_a_channel_is_given_another_project_by_owners_of_both_or_an_admin(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("kim",)) as ready:
        await ready.say("kim", "create project Website")
        ready.thread = OTHER
        await ready.say("bo", "hello")
        await ready.say("ana", "set up")
        await ready.say("kim", "switch to project Website")
        assert "Only an owner of the project this channel is about now" in ready.heard()
        await ready.say("ana", "bind this channel to Website")
        assert "This channel is about project **Website** now" in ready.heard()
        await ready.say("ana", "which project is this?")
        assert "Website" not in ready.heard()  # the thread stays with what it began in
        ready.thread = OTHER.model_copy(update={"thread": "t10"})
        await ready.say("kim", "which project is this?")
        assert "This is project **Website**" in ready.heard()
        await ready.say("bo", "unbind this channel")
        assert "Only an owner of project Website (" in ready.heard()
        await ready.say("kim", "unbind this channel")
        assert "This channel has its own project" in ready.heard()
        ready.thread = OTHER.model_copy(update={"thread": "t11"})
        await ready.say("ana", "which project is this?")
        assert "Website" not in ready.heard()


async def test_a_channel_named_in_the_settings_stays_as_they_say(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as ready:
        await ready.say("ana", "create project Website")
        await ready.say("ana", "switch to project Website")
        assert "orchestra.toml says that this channel is about project test" in ready.heard()


async def test_direct_messages_go_into_a_project_and_back(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Where they switched to, the project's own rules hold, not the sandbox's."""
    async with bench(database, clock, tmp_path) as ready:
        await ready.say("ana", "create project Website")
        project, desk = await named(ready, "Website"), ready.services
        entered = await places.enter(desk, DIRECT, CY)
        sandbox = entered.project
        assert entered.role is Role.OWNER
        ready.thread = DIRECT
        async with database.transaction() as tx:
            await projects.set_role(tx, project, CY, Role.MEMBER, at=clock.now())
            await projects.bind_channel(tx, DIRECT.channel_ref(), project, chosen_in="x")
        there = await places.enter(desk, DIRECT, CY)
        assert (there.project, there.role) == (project, Role.MEMBER)
        async with database.transaction() as tx:
            back = await places.at_home(tx, desk.settings, DIRECT, at=clock.now())
        assert back == sandbox


def test_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def said(*words: str) -> str:
        assert run(["project", *words, "--data", str(tmp_path / "d")]) == 0, words
        return capsys.readouterr().out

    assert "is created" in said("create", "Website")
    assert "now called Shop" in said("rename", "website", "Shop")
    assert "You're in project Shop now" in said("switch", "SHOP")
    assert "Shop: you are owner (here)" in said("list")
    assert "is archived" in said("archive", "Shop")
    assert "archived" in said("show", "Shop")
    assert "is back" in said("restore", "Shop")
    assert "back in your own project" in said("switch")
    assert run(["project", "create", "shop", "--data", str(tmp_path / "d")]) == 1
    assert "There's already a project Shop" in capsys.readouterr().err
    made = list((tmp_path / "d" / "projects").iterdir())
    assert len(made) == 1  # not in the workspace, whose files are another project's
    assert made[0].name.startswith("website-")


async def test_a_copy_has_the_terms_of_work_and_nothing_that_was_done_or_said(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(database, clock, tmp_path, owners=("kim",)) as ready:
        for said in (
            "budget $50 a month",
            "budget @bo $5 a day",
            "remember that Acme is closed",
            "always write for managers here",
            "never use Gemini for code",
            "policy: publishing needs 2 approvers",
            "write the report",
            "save this as a template called hello",
            "every Monday at 9: write the report",
            "run",
        ):
            await ready.say("kim", said)
        assert "schedule 1" in ready.heard()
        await ready.say("bo", "clone project test as Copy")
        assert "Only an owner of project test (kim) or an admin" in ready.heard()
        await ready.say("kim", "clone project test as Copy")
        heard = ready.heard()
        assert "1 budget, 1 template, " in heard
        assert "and 1 policy" in heard
        assert "What orchestra.toml sets for test" in heard
        project = await named(ready, "Copy")
        ids = await audited(database, "project.cloned")
        assert ids == [(person("kim").key, "test")]
    async with database.reading() as connection:
        copied = await budgets.budgets_of(connection, project)
        assert [(one.scope, one.limit_micro_usd) for one in copied] == [("project", 50_000_000)]
        spent = await budgets.states(connection, project, now=clock.now())
        assert [state.spent_micro_usd for state in spent] == [0]
        asked = await policies.rules(connection, project)
        assert [(one.number, one.rule.count, one.set_by) for one in asked] == [
            (1, 2, person("kim").key)
        ]
        taught = await rules.known(connection, project, person("kim").key)
        assert all(rule.routing is not None and not rule.person for rule in taught)
        assert [key for key, _, _ in await projects.members_of(connection, project)] == [
            person("kim").key
        ]
        root = await projects.root(connection, project)
        done = (plans, requests, notes, preferences, runs, ledger, schedules, standing_approvals)
        for table in done:
            where = table.c.project_id == project
            assert (await connection.execute(table.select().where(where))).first() is None
    assert [path.name for path in root.rglob("*") if path.is_file()] == ["hello.yaml"]


async def test_a_forged_policy_is_not_copied(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    await seal_decisions(sqlite, tmp_path / "outside" / "seal.keys", at=clock.now())
    async with bench(sqlite, clock, tmp_path, owners=("kim",)) as ready:
        await ready.say("kim", "policy: publishing needs 2 approvers")
        async with sqlite.transaction() as tx:
            await tx.execute(sa.update(policy_rows).values(set_by=person("bo").key))
        await ready.say("kim", "clone project test as Copy")
        assert "Policy 1 was changed outside Orchestra" in ready.heard()
        async with sqlite.reading() as connection:
            assert await projects.named(connection, "Copy") is None


async def test_an_old_thread_lets_nobody_into_the_project_it_began_in(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("kim",)) as ready:
        await ready.say("kim", "create project Website")
        ready.thread = OTHER
        await ready.say("bo", "hello")
        await ready.say("ana", "set up")
        await ready.say("ana", "bind this channel to Website")
        await ready.say("cy", "which project is this?")
        assert "you aren't in it" in ready.heard()
        await ready.say("bo", "which project is this?")
        assert "you aren't in it" not in ready.heard()
        async with sqlite.reading() as connection:
            where = await places.of_thread(connection, ready.services.settings, OTHER)
            assert where is not None
            known = {key for key, _, _ in await projects.members_of(connection, where)}
        assert person("cy").key not in known


async def test_an_owner_of_what_a_thread_began_in_doesn_t_take_the_channel_from_another(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("kim",)) as ready:
        await ready.say("kim", "create project Website")
        ready.thread = OTHER
        await ready.say("bo", "hello")
        await ready.say("ana", "set up")
        await ready.say("ana", "make @bo owner")
        await ready.say("ana", "bind this channel to Website")
        await ready.say("bo", "unbind this channel")
        assert "Only an owner of the project this channel is about now" in ready.heard()
        async with sqlite.reading() as connection:
            about = await projects.of_channel(connection, OTHER)
        assert about == await named(ready, "Website")
