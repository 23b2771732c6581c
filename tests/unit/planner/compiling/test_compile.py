"""A draft is believed in nothing: every mistake is told precisely, every effect is derived."""

import random
from math import exp
from pathlib import Path
from typing import Any

import pytest

from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue, EffectClass
from memory.model.base import AgentName, ProjectId
from memory.model.limits import SENTENCES
from memory.model.work.graph import TaskGraph
from memory.model.work.value import Column, FileInfo
from memory.profiles.ranking import rank
from planner.compiling.compiler import Compiled, Problems, compile_draft
from planner.compiling.constants import project_path
from planner.compiling.sql_check import sql_problems
from planner.draft import Draft
from planner.estimate import critical_path, estimate_graph, list_price, usual_price
from tests.unit.planner.world import ALL, ask, par, tool

SALES = FileInfo(
    path="sales.csv", media_type="text/csv", size=9, rows=7,
    columns=(Column(name="region", type="VARCHAR"), Column(name="revenue", type="DOUBLE")),
)  # fmt: skip


def step(key: str, type_: str, *after: str, **inputs: Any) -> dict[str, Any]:
    given = []
    for name, value in inputs.items():
        for one in value if isinstance(value, list) else [value]:
            source = one.removeprefix("<-") if str(one).startswith("<-") else None
            given.append({"name": name, "value": None if source else one, "from_task": source})
    agent = next((one["value"] for one in given if one["name"] == "agent"), None)
    given = [one for one in given if one["name"] != "agent"]
    return {"key": key, "title": key, "type": type_, "inputs": given, "after": after,
            "agent": agent, "instruction": "Do it." if "." not in type_ else ""}  # fmt: skip


def query(key: str = "table") -> dict[str, Any]:
    return step(key, "data.query", sources="sales.csv", sql='SELECT * FROM "sales"')


def compiled(*tasks: dict[str, Any], text: str = "do it", **more: Any) -> Compiled | Problems:
    request = ask(text, (SALES,), catalogue=more.pop("catalogue", ALL))
    profiles = more.get("profiles", ())
    return compile_draft(
        Draft.model_validate({"title": "A plan", "tasks": tasks}),
        request,
        rank=lambda task, able: rank(profiles, task.type, able),
        price=list_price,
    )


def problems(*tasks: dict[str, Any], **more: Any) -> str:
    result = compiled(*tasks, **more)
    assert isinstance(result, Problems), result
    return " ".join(result.texts)


def graph(*tasks: dict[str, Any], **more: Any) -> TaskGraph:
    result = compiled(*tasks, **more)
    assert isinstance(result, Compiled), result
    return result.graph


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([], "no tasks"),
        ([query(), query()], "Two tasks are called table"),
        ([step("a", "general", "c"), step("b", "general", "a"), step("c", "general", "b")],
         "in a circle: "),
        ([step("a", "general", "a")], "waits for itself"),
        ([step("a", "general", "zz")], "waits for zz"),
        ([step("a", "general", context="<-a")], "its own output"),
        ([step("a", "general", context="<-tabel"), query()], "Did you mean table?"),
        ([step("a", "data.querry", sources="sales.csv", sql="x")], "data.query"),
        ([step("a", "draft", agent="Claudia")], "there is Claude"),
        ([step("a", "data.query", sources="sales.csv")], "needs sql"),
        ([step("a", "data.query", sources="sales.csv", sql="x", colour="red")], "no parameter colour"),
        ([step("a", "text.summarise", text="x", sentences="many")], "has to be a number"),
        ([query(), step("c", "data.chart", table="<-table", path="<-table")], "fixed value"),
        ([step("d", "draft"), step("c", "data.chart", table="<-d", path="c.png")],
         "is a table, but task d gives a text"),
        ([step("f", "files.read", path="../secret.txt")], "outside the project's folder"),
        ([step("f", "files.read", path="/etc/passwd")], "outside the project's folder"),
        ([step("f", "files.read", path="sale.csv")], "there is sales.csv"),
        ([step("w", "web.fetch", url="file:///etc/passwd")], "has to be a web address"),
        ([query(), step("c", "data.chart", table="<-table", path="c.png", kind="spider")],
         "has to be bar, line"),
        ([step("a", "files.write", path="x.md", content="1"),
          step("b", "files.write", path="X.md", content="2")], "both write"),
        ([step("a", "files.write", path="x.md", content="1"), step("b", "files.read", path="x.md")],
         "has to come after a"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(tasks: list[dict[str, Any]], said: str) -> None:
    assert said in problems(*tasks)


def test_a_circle_names_its_tasks() -> None:
    text = problems(step("a", "general", "b"), step("b", "general", "a"))
    assert "a" in text.split(": ")[1]
    assert "b" in text.split(": ")[1]


def test_too_many_tasks_are_told_as_that() -> None:
    tasks = [step(f"t{n}", "general") for n in range(500)]
    assert problems(*tasks) == SENTENCES["tasks_per_plan"]


def test_effects_come_from_the_catalogue_and_the_control_slots() -> None:
    done = graph(query(), step("p", "files.publish", path="/blog/", content="<-table"))
    effects = done.effects()
    assert [(effect.effect, effect.target) for effect in effects] == [
        (EffectClass.PUBLISH, "blog/a-plan.md")
    ]


def test_an_effect_without_a_target_is_no_plan() -> None:
    sender = tool("mail.send", par("text", "text", "content"), effect=EffectClass.PUBLISH)
    catalogue = Catalogue(agents=(*ALL.agents, sender))
    text = problems(step("m", "mail.send", text="hi"), catalogue=catalogue)
    assert "the plan doesn't say what" in text


def test_keys_in_words_become_keys() -> None:
    done = graph(query("Step 1: the table"), step("b", "general", context="<-Step 1: the table"))
    assert done.tasks[1].needs() == ("step-1-the-table",)


def test_the_agent_that_was_asked_for_is_obeyed_and_the_others_are_ranked() -> None:
    learned = AgentProfile(
        project=ProjectId("p1"), agent=AgentName("gemini"), task_type="review", successes=40,
        failures=1, cost_micro_usd=410_000,
    )  # fmt: skip
    done = graph(
        step("d", "draft", agent="ChatGPT"), step("r", "review", context="<-d"),
        text="have chatgpt draft it, then review it", profiles=(learned,),
    )  # fmt: skip
    assert (done.tasks[0].agent, done.tasks[0].reason) == ("chatgpt", "you asked for it")
    assert done.tasks[1].agent == "gemini"
    assert done.tasks[1].reason.startswith("0.98 on 41 review tasks here")


def test_fallbacks_cost_no_more_and_stay_as_local() -> None:
    done = graph(step("d", "draft", agent="Gemini"), text="gemini drafts")
    assert done.tasks[0].fallbacks == ()
    done = graph(step("d", "draft", agent="Claude"), text="claude drafts")
    assert set(done.tasks[0].fallbacks) == {"chatgpt", "gemini"}
    home = AgentSpec(
        name=AgentName("llama"), kind=AgentKind.MODEL, title="Llama", description="x",
        task_types=("draft",), local=True, price_model="local",
    )  # fmt: skip
    done = graph(
        step("d", "draft", agent="llama"), text="llama drafts",
        catalogue=Catalogue(agents=(*ALL.agents, home)),
    )  # fmt: skip
    assert done.tasks[0].fallbacks == ()


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("reports/q3.md", "reports/q3.md"), ("./a//b.md", "a/b.md"), ("/blog/", "blog/"),
        ("a\\b.md", "a/b.md"), ("../x", None), ("a/../../x", None), ("~/x", None), ("C:\\x", None),
        ("/etc/passwd", None), ("/Users/ana/x", None), ("", None), ("a\x00b", None),
    ],
)  # fmt: skip
def test_paths_stay_beneath_the_folder(given: str, path: str | None) -> None:
    assert project_path(given) == path


def test_the_forecast_adds_costs_and_takes_the_longest_chain_for_time() -> None:
    done = graph(
        query(), step("d", "draft", agent="claude"), step("r", "review", context="<-d"),
        text="claude",
    )  # fmt: skip
    priced, estimate = estimate_graph(done, ALL, list_price, ())
    assert 0 < estimate.cost_low_micro_usd < estimate.cost_high_micro_usd
    assert sum(task.cost_high_micro_usd for task in priced.tasks) == estimate.cost_high_micro_usd
    assert estimate.basis == "list prices"
    assert critical_path(done, {"table": 1, "d": 2, "r": 3}) == ("d", "r")
    assert (estimate.chain, estimate.bottleneck) == (("d", "r"), "d")


def test_history_counts_for_more_than_the_price_list() -> None:
    rng = random.Random(1)
    costs = tuple(round(100_000 * exp(rng.gauss(0, 0.4))) for _ in range(80))
    learned = AgentProfile(
        project=ProjectId("p1"), agent=AgentName("claude"), task_type="draft", successes=80,
        costs_micro_usd=costs, latencies_ms=tuple(cost // 5 for cost in costs),
    )  # fmt: skip
    done = graph(step("d", "draft", agent="claude"), text="claude")
    _, estimate = estimate_graph(done, ALL, list_price, (learned,))
    low, high = estimate.cost_low_micro_usd, estimate.cost_high_micro_usd
    assert 60 <= sum(low <= cost <= high for cost in costs) <= 68
    assert estimate.seconds_low == pytest.approx(low / 5_000, abs=1)
    assert estimate.basis == "history of 1 of 1 tasks"


def test_a_forecast_falls_back_on_the_agents_other_work_and_then_on_others() -> None:
    def learned(agent: str, kind: str, share: float) -> AgentProfile:
        spec = ALL.find(agent)
        assert spec is not None
        usual = usual_price(spec, kind, list_price)
        assert usual
        costs = tuple(round(usual * share * factor) for factor in (0.9, 1.0, 1.1) * 4)
        return AgentProfile(
            project=ProjectId("p1"), agent=AgentName(agent), task_type=kind, successes=12,
            costs_micro_usd=costs,
        )  # fmt: skip

    def high(*profiles: AgentProfile) -> int:
        done = graph(step("d", "draft", agent="claude"), text="claude")
        return estimate_graph(done, ALL, list_price, profiles)[1].cost_high_micro_usd

    listed = high()
    assert high(learned("claude", "review", 0.2)) < listed / 2
    assert high(learned("gemini", "draft", 3.0)) > listed * 1.5
    assert high(learned("gemini", "review", 3.0)) == listed


def test_an_unknown_price_stays_unknown_whatever_was_booked() -> None:
    learned = AgentProfile(
        project=ProjectId("p1"), agent=AgentName("claude"), task_type="draft", successes=20,
        unpriced=20, latencies_ms=(4_000, 5_000, 6_000) * 6,
    )  # fmt: skip
    done = graph(step("d", "draft", agent="claude"), text="claude")
    _, estimate = estimate_graph(done, ALL, lambda *_: None, (learned,))
    assert estimate.unpriced == ("Claude",)
    assert 3 <= estimate.seconds_low <= estimate.seconds_high <= 8


def test_a_model_without_a_price_is_named_and_not_counted_as_free() -> None:
    agents = [agent.model_copy(update={"price_model": "no-such-model-xyz"}) if agent.name == "claude"
              else agent for agent in ALL.agents]  # fmt: skip
    catalogue = Catalogue(agents=tuple(agents))
    done = graph(step("d", "draft", agent="claude"), text="claude", catalogue=catalogue)
    _, estimate = estimate_graph(done, catalogue, list_price, ())
    assert estimate.unpriced == ("Claude",)
    assert done.tasks[0].fallbacks == ()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ('SELECT region, SUM(revenue) FROM "sales" GROUP BY 1', ""),
        ("SELECT * FROM 'sales.csv'", ""),
        ("SELECT profit FROM sales", "profit"),
        ("SELECT * FROM customers", "customers"),
        ("DROP TABLE sales", "exactly one SELECT"),
        ("SELECT 1; SELECT 2", "exactly one SELECT"),
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
    ],
)
def test_a_models_sql_is_held_against_the_columns(sql: str, said: str) -> None:
    done = graph(step("t", "data.query", sources="sales.csv", sql=sql))
    found = " ".join(sql_problems(done, (SALES,)))
    assert (said in found) if said else not found


def test_a_hostile_column_name_does_not_run(tmp_path: Path) -> None:
    hostile = FileInfo(
        path="sales.csv", media_type="text/csv", size=1,
        columns=(Column(name='a" INT); DROP TABLE x; --', type="DOUBLE"),),
    )  # fmt: skip
    done = graph(step("t", "data.query", sources="sales.csv", sql="SELECT 1"))
    assert sql_problems(done, (hostile,)) == ()
