"""Plans that were approved before: when one stands in, with what changed, and when it must not."""

from pathlib import Path

import pytest

from memory.model.work.graph import Const
from memory.model.work.plan import Plan
from planner.compiling.compiler import Compiled, compile_draft
from planner.compiling.sql_check import sql_problems
from planner.estimate import list_price
from planner.offline.drafter import OfflineDrafter
from planner.port import PlanRequest, Ready, Remembered
from planner.service import Planner
from planner.template import Library
from planner.templates.compare import template_of
from planner.templates.drafter import FromTemplate, from_template
from planner.templates.fill import filled
from planner.templates.past_plans import recalled
from planner.templates.reading import read_template
from planner.templates.writing import written_template
from tests.conftest import SetClock
from tests.unit.planner.world import ask, describe, folder

SAID = "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md"


@pytest.fixture
def request_of(tmp_path: Path) -> object:
    files = describe(folder(tmp_path / "work"), "sales.csv", "data/staff.csv", "notes.md")
    return lambda text, **more: ask(text, files, **more)


@pytest.fixture
async def past(tmp_path: Path, clock: SetClock, request_of: object) -> Remembered:
    async with Planner(tmp_path / "p.db", (), None, None, clock) as planner:
        made = await planner.plan(request_of(SAID))  # type: ignore[operator]
    assert isinstance(made, Ready)
    return Remembered(text=SAID, plan=made.plan)


def again(request_of: object, past: Remembered, text: str) -> object:
    return recalled(request_of(text, past=(past,)))  # type: ignore[operator]


def compiled(draft: object, request: PlanRequest) -> Compiled:
    made = compile_draft(draft, request, rank=lambda _kind, _able: (), price=list_price)  # type: ignore[arg-type]
    assert isinstance(made, Compiled), made
    return made


async def test_the_new_literals_replace_the_old_everywhere(
    request_of: object, past: Remembered
) -> None:
    text = (
        "Load data/staff.csv, total the salary by dept, chart it and write the report to out/pay.md"
    )
    found = again(request_of, past, text)
    assert found is not None
    request = request_of(text)  # type: ignore[operator]
    graph = compiled(found.draft, request).graph  # type: ignore[attr-defined]
    assert sql_problems(graph, request.files) == ()
    sql = graph.tasks[0].inputs["sql"]
    assert isinstance(sql, Const)
    assert 'SUM("salary") AS "total_salary"' in str(sql.value)
    assert 'FROM "staff"' in str(sql.value)
    assert [effect.target for effect in graph.effects()] == ["out/pay.png", "out/pay.md"]
    said = found.draft.model_dump_json().lower()  # type: ignore[attr-defined]
    assert not any(old in said for old in ("revenue", "region", "q3", "sales"))


async def test_it_says_which_plan_it_is_like(request_of: object, past: Remembered) -> None:
    found = again(request_of, past, SAID.replace("q3", "q4"))
    assert found.remark == "Like the plan of 2 Mar “Q3 report: total revenue by region”."  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        SAID.replace("total", "average"),
        SAID.replace(", chart it,", ""),
        SAID.replace("revenue", "turnover"),
        SAID + ", only for the North",
        SAID + " and publish it",
        SAID + " if the total is over 100",
        SAID.replace("write a report to reports/q3.md", "email it to bob"),
        "Do not load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md",
        SAID.replace("reports/q3.md", "reports/q3.pdf"),
        SAID.replace("Load sales.csv", "Load sales.csv and notes.md"),
        SAID.replace("by region", "by region in 2025"),
        "every monday " + SAID,
        "write a poem",
    ],
)
async def test_anything_but_other_literals_is_another_request(
    request_of: object, past: Remembered, text: str
) -> None:
    assert again(request_of, past, text) is None


async def test_a_past_plan_stands_in_where_the_grammar_declines(
    tmp_path: Path, clock: SetClock, request_of: object, past: Remembered
) -> None:
    words = "Tabulate the takings of sales.csv for the board into reports/q3.md"
    odd = Remembered(text=words, plan=past.plan)
    request = request_of(words.replace("q3", "q4"), past=(odd,))  # type: ignore[operator]
    alone = await OfflineDrafter().draft(request, known=(), earlier=None)
    assert alone.draft.declined  # type: ignore[union-attr]
    found = recalled(request)
    assert found is not None
    assert [effect.target for effect in compiled(found.draft, request).graph.effects()] == [
        "reports/q4.png",
        "reports/q4.md",
    ]


# --- templates out of plans ---------------------------------------------------------------------


async def test_a_plan_becomes_a_template_that_makes_the_same_plan(
    request_of: object, past: Remembered
) -> None:
    request = request_of(SAID)  # type: ignore[operator]
    template = template_of(past, "Region report", (), request.files)
    assert read_template(written_template(template), file="r.yaml", own=True) == template
    assert set(template.properties) == {"file", "path", "measure", "group", "title"}
    graph = compiled(
        filled(template, {"title": "Q3 report: total revenue by region"}), request
    ).graph
    assert _work(graph) == _work(past.plan.graph)


async def test_the_template_takes_other_values_from_words(
    request_of: object, past: Remembered
) -> None:
    template = template_of(past, "Region report", (), request_of(SAID).files)  # type: ignore[operator]
    request = request_of("make a region report, measure: units, by product, to reports/u.md")  # type: ignore[operator]
    found = from_template(request, Library(templates=(template,)))
    assert isinstance(found, FromTemplate)
    graph = compiled(found.draft, request).graph
    assert sql_problems(graph, request.files) == ()
    assert [effect.target for effect in graph.effects()] == ["reports/u.png", "reports/u.md"]
    assert 'SUM("units") AS "total_units"' in found.draft.model_dump_json().replace("\\", "")


async def test_a_file_nobody_named_is_a_parameter_too_so_that_nothing_is_written_over(
    request_of: object, past: Remembered
) -> None:
    unsaid = Remembered(text=SAID.replace(" to reports/q3.md", ""), plan=past.plan)
    template = template_of(unsaid, "Region report", (), request_of(SAID).files)  # type: ignore[operator]
    assert template.properties["path"].default == "reports/q3.md"
    written = [
        given.value for task in template.tasks for given in task.inputs if given.name == "path"
    ]
    assert written == ["{{path}}.png", "{{path}}"]


async def test_comparison_with_a_like_plan_finds_what_no_literal_shows(
    request_of: object, past: Remembered
) -> None:
    def plan(word: str) -> Remembered:
        tasks = tuple(
            task.model_copy(
                update={"inputs": {**task.inputs, "title": Const(value=f"For the {word}")}}
            )
            if task.type == "report.write"
            else task
            for task in past.plan.graph.tasks
        )
        graph = past.plan.graph.model_copy(update={"tasks": tasks})
        plan = Plan.model_validate({**past.plan.model_dump(), "graph": graph.model_dump()})
        return Remembered(text=f"{SAID} for the {word}", plan=plan)

    files = request_of(SAID).files  # type: ignore[operator]
    alone = template_of(plan("board"), "Board report", (), files)
    compared = template_of(plan("board"), "Board report", (plan("staff council"),), files)
    assert "board" not in [value.default for value in alone.properties.values()]
    assert "board" in [one.default for one in compared.properties.values()]


async def test_a_secret_never_gets_into_a_template(request_of: object, past: Remembered) -> None:
    secret = "sk-" + "a1" * 12
    tasks = tuple(
        task.model_copy(update={"title": f"With {secret}", "instruction": f"Use {secret}"})
        for task in past.plan.graph.tasks
    )
    graph = past.plan.graph.model_copy(update={"tasks": tasks})
    plan = past.plan.model_copy(update={"graph": graph, "title": f"Key {secret}"})
    told = Remembered(text=f'{SAID} with "{secret}"', plan=plan)
    template = template_of(told, f"Report {secret}"[:20], (), request_of(SAID).files)  # type: ignore[operator]
    assert secret not in written_template(template)


def _work(graph: object) -> list[object]:
    return [(task.type, task.inputs, task.effects) for task in graph.tasks]  # type: ignore[attr-defined]
