"""Only those whom the settings list are heard, approve or keep a run going."""

from pathlib import Path

import pytest

from bot import places
from bot.config.settings import ProjectSettings, Settings, load
from memory.model.authority import Roles, Rules, role_now
from memory.model.errors import Misconfigured
from memory.model.identity import Identity, Role, Standing, admits
from memory.store.engine.database import Database
from tests.conftest import SetClock
from tests.flows.bench import CHANNEL, person
from tests.unit.bot.test_quotas import message, receiving, stored, until

ANA, BO = person("ana"), person("bo")


@pytest.mark.parametrize(
    ("listed", "key", "heard"),
    [
        ((), "slack:T1:U1", True),
        (("slack:T1",), "slack:T1:U1", True),
        (("slack:T1",), "slack:T2:U1", False),
        (("slack:T1",), "slack:T11:U1", False),
        (("slack:T1:U1",), "slack:T1:U1", True),
        (("slack:T1:U1",), "slack:T1:U11", False),
        (("discord:G1:7",), "discord:@me:7", True),
        (("discord:G1",), "discord:@me:7", False),
    ],
)
def test_a_list_has_whole_ids_and_workspaces(
    listed: tuple[str, ...], key: str, heard: bool
) -> None:
    assert admits(frozenset(listed), key) is heard


async def test_who_isn_t_listed_is_told_so_and_nothing_is_stored(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with receiving(sqlite, clock, tmp_path, people=(ANA.key,)) as (app, platform):
        await app.receive(message(1, "bo", clock=clock))
        await app.receive(message(2, "bo", clock=clock))
        await app.receive(message(3, "ana", clock=clock))
        overheard = message(4, "bo", clock=clock).model_copy(update={"addressed": False})
        await app.receive(overheard)
        await until(lambda: bool(platform.messages))
        assert await stored(sqlite) == ["ana3"]
        (posted,) = platform.messages
        assert "You aren't among the people I work for" in posted.out.text


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.EXTERNAL])
async def test_guests_aren_t_even_heard_where_the_settings_say_so(
    sqlite: Database, clock: SetClock, tmp_path: Path, standing: Standing
) -> None:
    async with receiving(
        sqlite, clock, tmp_path, guests="refuse", people=("testchat:w", ANA.key)
    ) as (app, _):
        for who in ("ana", "bo"):
            said = message(1, who, clock=clock).model_copy(update={"standing": standing})
            await app.receive(said)
        assert await stored(sqlite) == ["ana1"]  # named by a whole id


async def test_whoever_is_listed_no_more_only_looks(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    fixed = ProjectSettings(name="test", channels=("c1",))
    before = Settings(data=tmp_path, workspace=tmp_path, projects=(fixed,))
    after = before.model_copy(update={"people": (ANA.key,)})
    async with sqlite.transaction() as tx:
        project = await places.settle(tx, before, CHANNEL, at=clock.now())
        for settings, role in ((before, Role.MEMBER), (after, Role.VIEWER)):
            assert await places.role_of(tx, settings, project, BO, at=clock.now()) is role
    rules = Rules(listed=frozenset({ANA.key}))
    assert role_now(BO.key, Roles(given={BO.key: Role.APPROVER}), rules) is Role.VIEWER


@pytest.mark.parametrize(
    "text",
    [
        'people = ["slack:T1"]',
        'guests = "refuse"',
        '[projects.x]\nowners = ["slack:T1:U1"]',
        '[projects.x]\napprovers = ["slack:T1:U1"]',
        '[projects.x]\napprover_groups = ["slack:T1:S1"]',
        "[projects.x]\nrequester_may_approve = true",
    ],
)
def test_a_file_that_came_with_a_folder_gives_nobody_rights(tmp_path: Path, text: str) -> None:
    path = tmp_path / "orchestra.toml"
    path.write_text(text)
    with pytest.raises(Misconfigured, match="--config"):
        load(workspace=tmp_path, environ={})
    load(workspace=tmp_path, config=path, environ={})


@pytest.mark.parametrize("who", ["U1", "slack", "slack:", "slack:T1:"])
def test_a_bare_id_lists_nobody(tmp_path: Path, who: str) -> None:
    path = tmp_path / "orchestra.toml"
    path.write_text(f'people = ["{who}"]')
    with pytest.raises(Misconfigured, match="isn't a whole id"):
        load(workspace=tmp_path, config=path, environ={})


def test_a_person_is_no_workspace() -> None:
    assert not admits(frozenset({"slack:T1:U1"}), Identity.of("slack:T1:U1:x").key)
