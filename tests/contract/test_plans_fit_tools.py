"""What the offline planner draws up, the real tools can do: each plan is carried out on files."""

from pathlib import Path
from typing import Any

import pytest

from executor.agents import registry
from executor.agents.person import PERSON
from executor.data import file_shapes
from executor.egress.files import ProjectFiles
from executor.port import Argument, Call
from memory.model.agents.spec import Catalogue
from memory.model.base import ProjectId
from memory.model.work.graph import (
    Const,
    FromTask,
    Input,
    Many,
    TaskGraph,
)
from memory.model.work.value import Table, Value
from memory.profiles.ranking import rank
from planner.compiling.compiler import Compiled, compile_draft
from planner.offline.drafter import plan_offline
from tests.unit.planner.offline.phrasings import DATA
from tests.unit.planner.world import ask, folder

WRITTEN = [
    ("Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md",
     ["reports/q3.png", "reports/q3.md"]),
    ("total revenue by region, chart it as a bar chart and write a html report to out/r.html",
     ["out/r.png", "out/r.md", "out/r.html"]),
    ("create a report with monthly revenue and a line chart, save it as reports/x.pdf",
     ["reports/x.png", "reports/x.md", "reports/x.pdf"]),
    ("Total units by product in sales.csv. Save it to out/units.csv.", ["out/units.csv"]),
    ("summarise notes.md in 2 sentences and publish it to /blog/", ["blog/summarise-notes-md.md"]),
    ("convert notes.md to html", ["notes.html"]),
    ("pie chart of units by region saved to charts/u.png", ["charts/u.png"]),
    ("show the first 3 rows of sales.csv and save it to out/rows.csv", ["out/rows.csv"]),
]  # fmt: skip


async def carried_out(graph: TaskGraph, root: Path) -> dict[str, Value]:
    """Every task once, in order, its inputs resolved."""
    agents = {agent.spec.name: agent for agent in registry.load((), third_parties=())}
    values: dict[str, Value] = {}

    def resolved(given: Input) -> Any:
        match given:
            case Const(value=value):
                return value
            case FromTask(task=key):
                return values[key]
            case Many(items=items):
                return tuple(resolved(item) for item in items)

    for task in graph.tasks:
        inputs: dict[str, Argument] = {name: resolved(one) for name, one in task.inputs.items()}
        call = Call(
            project=ProjectId("p1"), task=task, inputs=inputs, files=ProjectFiles(root),
            effect_key=f"run:{task.key}:1", timeout_s=60,
        )  # fmt: skip
        values[task.key] = (await agents[task.agent].run(call)).value
    return values


def planned(text: str, root: Path) -> TaskGraph:
    specs = tuple(agent.spec for agent in registry.load((), third_parties=()))
    files = ProjectFiles(root)
    known = tuple(file_shapes.describe(files, path) for path in ("sales.csv", "notes.md"))
    request = ask(text, known, catalogue=Catalogue(agents=(*specs, PERSON)))
    draft = plan_offline(request)
    assert not draft.declined, draft.declined
    compiled = compile_draft(
        draft, request, rank=lambda task, able: rank((), task.type, able), price=lambda *_: 0
    )
    assert isinstance(compiled, Compiled), compiled
    return compiled.graph


@pytest.mark.parametrize(("text", "paths"), WRITTEN, ids=[text for text, _ in WRITTEN])
async def test_the_tools_write_what_the_plan_says(
    text: str, paths: list[str], tmp_path: Path
) -> None:
    root = folder(tmp_path / "work")
    graph = planned(text, root)
    assert [effect.target for effect in graph.effects()] == paths
    await carried_out(graph, root)
    for path in paths:
        assert (root / path).stat().st_size > 0


@pytest.mark.parametrize(("text", "types", "rows"), DATA, ids=[text for text, _, _ in DATA])
async def test_the_real_query_tool_gives_the_same_rows(
    text: str, types: list[str], rows: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    root = folder(tmp_path / "work")
    graph = planned(text, root)
    assert [task.type for task in graph.tasks] == types
    table = next(iter((await carried_out(TaskGraph(tasks=graph.tasks[:1]), root)).values()))
    assert isinstance(table, Table)
    assert len(table.rows) == len(rows)
    for found, expected in zip(table.rows, rows, strict=True):
        assert list(found) == [pytest.approx(v) if isinstance(v, float) else v for v in expected]
