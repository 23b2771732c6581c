"""Which project a place of talk is about: ids that nothing is told from, folders of their own."""

from pathlib import Path

import pytest

from bot import places
from bot.config.projects import rules_of, settings_of
from bot.config.settings import ProjectSettings, Settings, load
from bot.queries.projects import project_named
from bot.services import Desk
from memory.model.base import ProjectId
from memory.model.errors import Misconfigured, NotFound
from memory.model.identity import ThreadRef
from memory.store.engine.database import Database
from memory.store.knowledge import projects
from tests.conftest import SetClock
from tests.flows.scripted import ScriptedExecutor

SALES, SELLING = "売上", "販売"


def channel(name: str) -> ThreadRef:
    return ThreadRef(platform="slack", workspace="T1", channel=name)


def settings(folder: Path, *named: ProjectSettings) -> Settings:
    return Settings(data=folder, workspace=folder, projects=named)


async def test_two_names_without_latin_letters_are_two_projects_with_two_folders(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    here = settings(
        tmp_path,
        ProjectSettings(name=SALES, channels=("C1",), quorum=2),
        ProjectSettings(name=SELLING, channels=("C2",)),
    )
    async with database.transaction() as tx:
        one = await places.settle(tx, here, channel("C1"), at=clock.now())
        two = await places.settle(tx, here, channel("C2"), at=clock.now())
        roots = {await projects.root(tx, one), await projects.root(tx, two)}
        assert one != two
        assert len(roots) == 2
        assert all(root.parent == tmp_path and root.is_dir() for root in roots)
        assert (await rules_of(here, tx, one, now=clock.now())).quorum == 2
        assert (await rules_of(here, tx, two, now=clock.now())).quorum == 1
        assert await places.settle(tx, here, channel("C1"), at=clock.now()) == one


async def test_an_id_is_random_and_the_folder_begins_as_people_call_it(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    here = settings(tmp_path, ProjectSettings(name="Sales EU", channels=("C1",)))
    async with database.transaction() as tx:
        made = await places.settle(tx, here, channel("C1"), at=clock.now())
        root = await projects.root(tx, made)
    assert "sales" not in made
    assert root.name.startswith("sales-eu-")


async def test_a_project_of_the_version_before_keeps_its_id_and_its_folder(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    here = settings(tmp_path, ProjectSettings(name="Sales", channels=("C1",)))
    old = ProjectId("sales")
    async with database.transaction() as tx:
        await projects.make(tx, old, name="Sales", root=tmp_path / "sales", at=clock.now())
        await projects.bind_channel(tx, channel("C1"), old)
        assert await places.settle(tx, here, channel("C1"), at=clock.now()) == old
        assert await projects.root(tx, old) == tmp_path / "sales"
        fixed = await settings_of(tx, here, old)
    assert fixed is not None
    assert fixed.name == "Sales"


async def test_whoever_had_the_shared_folder_keeps_it_and_the_other_gets_a_new_one(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    here = settings(
        tmp_path,
        ProjectSettings(name=SALES, channels=("C1",)),
        ProjectSettings(name=SELLING, channels=("C2",)),
    )
    old = ProjectId("x")
    async with database.transaction() as tx:
        await projects.make(tx, old, name=SELLING, root=tmp_path / "x", at=clock.now())
        for name in ("C1", "C2"):
            await projects.bind_channel(tx, channel(name), old)
        one = await places.settle(tx, here, channel("C1"), at=clock.now())
        two = await places.settle(tx, here, channel("C2"), at=clock.now())
        assert two == old
        assert one != old
        assert await projects.root(tx, one) != tmp_path / "x"


async def test_a_project_is_found_by_its_name_whatever_the_case(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    here = settings(tmp_path)
    desk = Desk(database, clock, here, ScriptedExecutor(database, clock))
    async with database.transaction() as tx:
        for mark, name in (("prj_1", SALES), ("prj_2", "Sales EU")):
            await projects.make(tx, ProjectId(mark), name=name, root=tmp_path, at=clock.now())
    assert await project_named(desk, SALES) == "prj_1"
    assert await project_named(desk, "sales eu") == "prj_2"
    with pytest.raises(NotFound, match="Sales EU"):
        await project_named(desk, SELLING)


def test_one_name_twice_in_the_settings_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "orchestra.toml"
    file.write_text("[projects.Sales]\n[projects.sales]\n")
    with pytest.raises(Misconfigured, match="are one name"):
        load(config=file, data=tmp_path, workspace=tmp_path, environ={})
