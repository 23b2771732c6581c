"""What the documents say of the tree is true: every path is there, every link leads somewhere."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli.app import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("deploy/**/*.md")])
ROOMS = ("bot", "planner", "executor", "memory", "tests", "deploy")
"""What is being built beside these pages."""

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
PATH = re.compile(rf"`((?:{'|'.join(ROOMS)})/[\w./*-]*)`")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def text(document: Path) -> str:
    return FENCED.sub("", document.read_text())


def anchors(document: Path) -> set[str]:
    headings = [heading.casefold() for heading in HEADING.findall(text(document))]
    return {re.sub(r"[^\w -]", "", heading).strip().replace(" ", "-") for heading in headings}


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_path_a_document_names_is_there(document: Path) -> None:
    paths = set(PATH.findall(text(document)))
    assert [path for path in sorted(paths) if not list(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    broken = []
    for link in ("".join(groups) for groups in LINK.findall(text(document))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_newcomers_open_two_files_at_most() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    table = page.partition("## Twenty questions")[2].partition("\n## ")[0]
    answers = [line.rpartition("? |")[2] for line in table.splitlines() if "? |" in line]
    assert len(answers) == 20
    assert all(1 <= len(PATH.findall(answer)) <= 2 for answer in answers)


@pytest.mark.parametrize("guide", sorted(ROOT.glob("deploy/guides/*.md")), ids=name)
def test_messages_a_guide_explains_are_those_people_see(guide: Path) -> None:
    trouble = guide.read_text().partition("## When something's wrong")[2]
    rows = [line.split("|")[1] for line in trouble.splitlines() if line.startswith("|")]
    quoted = [quote for row in rows for quote in re.findall(r'"([^"]+)"', row)]
    parts = [part.strip() for quote in quoted for part in quote.split("…") if part.strip()]
    said = "\n".join(strings()) if parts else ""
    assert [part for part in parts if part not in said] == []


def strings() -> Iterator[str]:
    """Every text in the program."""
    for path in (path for room in ROOMS[:4] for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_a_document_shows_is_one(document: Path) -> None:
    shells = re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL)
    lines = [line.strip() for shell in shells for line in shell.splitlines()]
    wrong = [line for line in lines if line.startswith("orchestra ") and not known(line)]
    assert wrong == []


def known(line: str) -> bool:
    """Whether the command line has these verbs and options."""
    command: Any = typer.main.get_command(app)
    for word in shlex.split(line, comments=True)[1:]:
        if word.startswith("--"):
            options = {name for parameter in command.params for name in parameter.opts}
            if word not in options:
                return False
        elif word in getattr(command, "commands", {}):
            command = command.commands[word]
        elif getattr(command, "commands", {}):
            return False
    return True


@pytest.mark.parametrize("decision", sorted(ROOT.glob("deploy/decisions/*.md")), ids=name)
def test_a_decision_is_a_page(decision: Path) -> None:
    assert len(decision.read_text().splitlines()) <= 25
