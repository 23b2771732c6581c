"""`orchestra project members`: the roles of the chat, from the command line."""

import json
from pathlib import Path

import pytest

from bot.cli.desk import you
from memory.model.identity import Identity, Role
from tests.unit.bot.cli.test_audit import Shell

KIM = Identity(platform="slack", workspace="T1", user_id="UKIM", display="kim")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    made = Shell(tmp_path, capsys)
    assert made("project", "create", "Shop")[0] == 0
    return made


def roles(shell: Shell) -> dict[str, str]:
    known = json.loads(shell("project", "members", "list", "Shop", "--json")[1])
    return {person["keys"][0]: person["role"] for person in known["people"]}


def test_members_are_listed_added_and_removed(shell: Shell) -> None:
    assert "owner (you)" in shell("project", "members", "list", "Shop")[1]
    added = shell("project", "members", "add", "shop", KIM.key, "--role", "approver")
    assert added == (0, "UKIM is now an approver of this project.\n")
    assert roles(shell) == {you().key: "owner", KIM.key: "approver"}
    assert shell("project", "members", "remove", "Shop", KIM.key)[0] == 0
    assert roles(shell)[KIM.key] == "viewer"
    rows = [json.loads(line) for line in shell("audit", "export")[1].splitlines()]
    assert [row["action"] for row in rows][1:] == ["role.approver", "role.viewer"]


def test_somebody_known_is_named(shell: Shell) -> None:
    shop = json.loads(shell("project", "list", "--json")[1])
    shell.give(next(line["id"] for line in shop if line["name"] == "Shop"), KIM, Role.MEMBER)
    assert shell("project", "members", "add", "Shop", "@Kim", "--role", "owner") == (
        0, "kim is now an owner of this project.\n",
    )  # fmt: skip
    assert "kim — owner" in shell("project", "members", "list", "Shop")[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "Shop", "nobody"), "nobody is nobody I know in this project"),
        (("add", "Shop", KIM.key, "--role", "king"), "--role has to be owner"),
        (("add", "Nosuch", KIM.key), "There's no project Nosuch"),
        (("remove", "Shop", "slack:T1:"), "isn't a whole id"),
        (("remove", "Shop", you().key), "You can't give up ownership"),
    ],
)
def test_what_cannot_be_done_is_said(shell: Shell, words: tuple[str, ...], says: str) -> None:
    code, said = shell("project", "members", *words)
    assert code != 0
    assert says in said


def test_only_owners_give_roles(shell: Shell) -> None:
    shop = json.loads(shell("project", "list", "--json")[1])
    project = next(line["id"] for line in shop if line["name"] == "Shop")
    shell.give(project, KIM, Role.OWNER)
    shell.give(project, you(), Role.APPROVER)
    code, said = shell("project", "members", "add", "Shop", "slack:T1:UBO")
    assert (code, "Those who can: kim" in said or "nly" in said) == (1, True)
    assert "slack:T1:UBO" not in roles(shell)
