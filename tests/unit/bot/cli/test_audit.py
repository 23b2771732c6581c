"""`orchestra audit`, and that the command line passes the gate that the chat passes."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli.app import run
from bot.cli.desk import HERE, you
from bot.config.settings import load
from bot.places import settle
from memory.model.base import ProjectId
from memory.model.identity import Identity, Role
from memory.store.engine.database import Connection, Database, database_url
from memory.store.knowledge import projects
from memory.store.tables import audit

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OWNER = Identity(platform="slack", workspace="T1", user_id="U1")


class Shell:
    """Commands about one data folder, which is also the workspace."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *words: str) -> tuple[int, str]:
        where = ["--data", str(self.folder), "--workspace", str(self.folder)]
        code = run([*words, *where])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def change(self, *statements: sa.Executable) -> None:
        async def work(tx: Connection) -> None:
            for statement in statements:
                await tx.execute(statement)

        asyncio.run(self._within(work))

    def give(self, project: ProjectId, person: Identity, role: Role) -> None:
        async def work(tx: Connection) -> None:
            await projects.make(tx, project, name=project, root=self.folder, at=AT)
            await projects.set_role(tx, project, person, role, at=AT)

        asyncio.run(self._within(work))

    @property
    def project(self) -> ProjectId:
        """The workspace's own."""
        found: list[ProjectId] = []

        async def work(tx: Connection) -> None:
            settings = load(workspace=self.folder, data=self.folder)
            found.append(await settle(tx, settings, HERE, at=AT))

        asyncio.run(self._within(work))
        return found[0]

    async def _within(self, work) -> None:  # type: ignore[no-untyped-def]  # two lambdas of a test
        database = Database(database_url(self.folder))
        try:
            async with database.transaction() as tx:
                await work(tx)
        finally:
            await database.close()


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def test_a_deed_is_audited_once_with_its_door_and_can_be_listed_and_exported(shell: Shell) -> None:
    assert shell("budget", "50")[0] == 0
    assert shell("budget", "60", "--name", "drafts")[0] == 0
    code, out = shell("audit", "export")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["action"] for row in rows]) == (0, ["budget.set", "budget.set"])
    assert {row["actor"] for row in rows} == {you().key}
    assert [row["ids"] for row in rows] == [{"role": "owner", "door": "cli"}] * 2
    listed = json.loads(shell("audit", "list", "--limit", "1", "--json")[1])
    assert [row["seq"] for row in listed] == [rows[1]["seq"]]
    assert "budget.set" in shell("audit", "list", "--action", "budget.set")[1]
    assert shell("audit", "list", "--since", "2999-01-01") == (0, "No rows match.\n")


def test_a_chain_that_was_tampered_with_is_named_row_by_row(shell: Shell) -> None:
    for amount in ("50", "60", "70"):
        shell("budget", amount)
    code, out = shell("audit", "verify")
    assert (code, out.splitlines()[0]) == (0, "The audit log is intact: 3 rows.")
    assert "✓ audit log" in shell("doctor")[1]
    shell.change(sa.update(audit).where(audit.c.seq == 2).values(actor="slack:T1:U2"))
    code, out = shell("audit", "verify")
    assert (code, out.startswith("Row 2 of the audit log (budget.set, ")) == (1, True)
    assert "was changed" in out
    assert "✗ audit log" in shell("doctor")[1]
    shell.change(sa.delete(audit).where(audit.c.seq == 2))
    assert "before row 3" in shell("audit", "verify")[1]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_the_command_line_refuses_what_the_chat_refuses(
    shell: Shell, role: Role, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "admins.toml"
    settings.write_text('admins = ["slack:T1:UADMIN"]\n')
    monkeypatch.setenv("ORCHESTRA_CONFIG", str(settings))
    shell("budget")
    shell.give(shell.project, OWNER, Role.OWNER)
    shell.give(shell.project, you(), role)
    for words in (("budget", "50"), ("release",), ("tools", "refuse", "x")):
        code, said = shell(*words)
        assert code == 1
        assert "nly" in said
    assert shell("audit", "export") == (0, "")
    assert shell("stop")[0] == 1


def settings_of(shell: Shell, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = shell.folder / "named.toml"
    named.write_text(text)
    monkeypatch.setenv("ORCHESTRA_CONFIG", str(named))


def test_a_row_hashed_anew_without_the_key_is_named(shell: Shell) -> None:
    for amount in ("50", "60", "70"):
        shell("budget", amount)
    keys = shell.folder / "seal.keys"
    assert keys.stat().st_mode & 0o777 == 0o600
    shell.change(sa.update(audit).where(audit.c.seq == 2).values(seal=""))
    code, out = shell("audit", "verify")
    assert (code, out.startswith("Row 2 of the audit log (budget.set, ")) == (1, True)
    assert "has no seal" in out
    assert "✗ audit log" in shell("doctor")[1]


def test_keys_are_rotated_by_an_admin_only(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("budget", "50")
    keys = shell.folder / "seal.keys"
    code, out = shell("audit", "rotate-key")
    assert code == 0
    new = keys.read_text().splitlines()[1].partition(" ")[0]
    assert out.startswith(f"Key {new} seals from now on.")
    rows = [json.loads(line) for line in shell("audit", "export")[1].splitlines()]
    assert [row["action"] for row in rows] == ["budget.set", "audit.key_rotated"]
    assert rows[1]["seal"].startswith(f"{new}:")
    assert shell("audit", "verify")[0] == 0
    settings_of(shell, 'admins = ["slack:T1:UADMIN"]\n', monkeypatch)
    before = keys.read_text()
    code, said = shell("audit", "rotate-key")
    assert (code, keys.read_text()) == (1, before)
    assert "Only an admin" in said


def test_keys_that_are_lost_are_said_and_can_be_begun_anew(shell: Shell) -> None:
    shell("budget", "50")
    (shell.folder / "seal.keys").unlink()
    code, said = shell("audit", "verify")
    assert code == 2
    assert "sealed with keys that aren't in" in said
    assert shell("audit", "rotate-key")[0] == 0
    code, said = shell("audit", "verify")
    assert (code, "a key that isn't in the file of keys" in said) == (1, True)


def test_the_end_is_noted_in_a_file_and_a_cut_log_shows(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_of(shell, '[audit]\nanchor_file = "ends.jsonl"\nseal_keys = "own.keys"\n', monkeypatch)
    shell("budget", "50")
    shell("budget", "60")
    assert shell("audit", "anchor")[0] == 0
    assert (shell.folder / "own.keys").exists()
    code, out = shell("audit", "verify")
    assert (code, "keeps the 1 end noted" in out) == (0, True)
    shell.change(sa.delete(audit).where(audit.c.seq == 2))
    code, out = shell("audit", "verify")
    assert (code, "row 2, noted on" in out) == (1, True)


def test_without_a_place_to_note_it_that_is_said(shell: Shell) -> None:
    shell("budget", "50")
    code, said = shell("audit", "anchor")
    assert (code, "anchor_file" in said) == (2, True)


def test_a_file_that_came_with_a_folder_chooses_no_keys(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "orchestra.toml").write_text('[audit]\nseal_keys = "known.keys"\n')
    monkeypatch.chdir(folder)
    code, said = shell("budget", "50")
    assert (code, "would choose the keys" in said) == (2, True)
