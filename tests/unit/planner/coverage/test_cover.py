"""Nothing of a request vanishes from its plan, and nothing is added in silence."""

from typing import Any

import pytest

from memory.model.base import TaskKey
from memory.model.work.value import Column, FileInfo
from memory.profiles.ranking import Ranked
from planner.compiling.compiler import Compiled, compile_draft
from planner.coverage.agents import heeded
from planner.coverage.cover import Coverage, cover
from planner.draft import Draft
from planner.lexicon.agents import barred, each_once, handed_work
from planner.port import Answer
from tests.unit.planner.world import ALL, OFFLINE, ask


def task(type_: str, instruction: str = "", **more: Any) -> dict[str, Any]:
    inputs = [{"name": name, **given} for name, given in more.pop("inputs", {}).items()]
    fields = {"key": type_.replace(".", "-"), "title": type_, "type": type_}
    return {**fields, "instruction": instruction, "inputs": inputs, **more}


def _ranked(_: Any, agents: Any) -> tuple[Ranked, ...]:
    return tuple(Ranked(agent=agent.name, score=1, reason="", samples=0) for agent in agents)


def covered(
    words: str, *tasks: dict[str, Any], stated: tuple[str, ...] = (), **more: Any
) -> Coverage:
    request = ask(words, catalogue=ALL, **more)
    named = handed_work(words, ALL)
    draft = heeded(Draft.model_validate({"title": "x", "tasks": tasks}), request, named)
    made = compile_draft(
        draft, request, price=lambda *_: 100, rank=_ranked,
    )  # fmt: skip
    assert isinstance(made, Compiled), made
    return cover(made.graph, request, (*stated, *made.assumptions), named=named)


def published(path: str) -> dict[str, Any]:
    inputs = {"path": {"value": path}, "content": {"value": "x"}}
    return task("files.publish", inputs=inputs)


@pytest.mark.parametrize(
    ("words", "instruction", "left"),
    [
        ("Write 3 taglines", "Write 3 taglines", ""),
        ("Write 3 taglines", "Write taglines", "“3”"),
        ("Write a poem in German", "Write a poem", "“German”"),
        ("Write a poem in German", "Write a poem in German", ""),
        ("Write to the 20% who left", "Write to the 0.2 who left", ""),
        ("Reply with “see you soon”", "Reply kindly", "“see you soon”"),
        ("Draft a letter if the price rose", "Draft a letter", "“if the price rose”"),
        ("Draft a letter if the price rose", "Draft a letter if the price rose", ""),
        ("Draft it from brief.md", "Draft it", "“brief.md”"),
        ("Draft a post; don't mention prices", "Draft a post", "“don't mention prices”"),
        ("Draft a post; don't publish it", "Draft a post", ""),
    ],
)
def test_what_the_plan_does_not_hold_is_said(words: str, instruction: str, left: str) -> None:
    found = covered(words, task("draft", instruction))
    assert (left in " ".join(found.left_out)) if left else not found.left_out
    assert bool(found.problems) == bool(left)


def test_an_order_not_to_is_never_broken() -> None:
    found = covered("Draft a post but don't publish it", published("blog/a.md"))
    assert "don't publish it" in found.refused


def test_targets_nobody_named_are_marked() -> None:
    assert covered("publish it to blog/a.md", published("blog/a.md")).unasked == ()
    assert covered("publish it to /blog/", published("blog/a.md")).unasked == ()
    assert covered("publish the post", published("blog/a.md")).unasked == ("blog/a.md",)


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", "AGENTS.md", "orchestra.toml"])
def test_what_decides_how_other_things_work_must_be_named(path: str) -> None:
    assert path in covered("tidy up the project", published(path)).refused
    assert not covered(f"put it into {path}", published(path)).refused


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("have ChatGPT draft it, then Claude review it", ["ChatGPT", "Claude"]),
        ("write a haiku for Grok", ["Grok"]),
        ("ask both Claude and Gemini for a slogan", ["Claude", "Gemini"]),
        ("write an article about ChatGPT and Claude", []),
        ("compare Claude with nothing", []),
        ("draft it, but not with Claude", ["Claude"]),
        ("Gemini should translate it", ["Gemini"]),
        ("summarise claude.md", []),
    ],
)
def test_agents_that_are_to_work_are_told_from_topics(words: str, named: list[str]) -> None:
    assert sorted(found.name for found in each_once(handed_work(words, ALL))) == named


def test_an_agent_that_is_not_connected_is_never_replaced_without_a_question() -> None:
    found = covered("Write a haiku with Grok", task("draft", "Write a haiku"))
    assert "Grok isn't connected" in found.gaps[0].question
    assert "ChatGPT" in found.gaps[0].options


def test_each_agent_that_was_named_has_work_or_a_question() -> None:
    work = task("draft", "Write a slogan", agent="ChatGPT")
    found = covered("Have both ChatGPT and Gemini write a slogan", work)
    assert [gap.default for gap in found.gaps] == ["Gemini"]
    assert not covered("Have ChatGPT write a slogan", work).gaps


def test_the_agent_that_was_chosen_does_it() -> None:
    words = "Write a haiku with Grok"
    slot = covered(words, task("draft", "Write a haiku")).gaps[0].slot
    chosen = (Answer(slot=slot, value="Gemini"),)
    request = ask(words, catalogue=ALL, answers=chosen)
    draft = Draft.model_validate({"title": "x", "tasks": [task("draft", "Write a haiku")]})
    assert heeded(draft, request, handed_work(words, ALL)).tasks[0].agent == "gemini"


def test_a_page_that_nothing_uses_is_said() -> None:
    fetch = task("web.fetch", inputs={"url": {"value": "https://a.example/p"}})
    words = "read https://a.example/p and draft a post from it"
    alone = covered(words, fetch, task("draft", "Draft a post from it"))
    fed = task("draft", "Draft a post", inputs={"context": {"from_task": "web-fetch"}})
    assert "Nothing uses" in alone.left_out[0]
    assert not covered(words, fetch, fed).left_out


def test_a_cap_binds_the_whole_plan_unless_it_is_about_the_data() -> None:
    assert (
        covered("draft a post for at most $0.50", task("draft", "Draft a post")).cap_micro_usd
        == 500_000
    )
    sql = {"sources": {"value": "a.csv"}, "sql": {"value": 'SELECT * FROM "a" WHERE "x" < 50'}}
    query = task("data.query", inputs=sql)
    file = FileInfo(
        path="a.csv", media_type="text/csv", size=9, columns=(Column(name="x", type="DOUBLE"),)
    )
    assert covered("list what is under $50 in a.csv", query, files=(file,)).cap_micro_usd is None


def test_a_change_is_read_by_its_newest_words_only() -> None:
    request = ask("Write 3 taglines\n\nskip 2", catalogue=OFFLINE)
    from tests.unit.planner.world import plan_of

    draft = Draft.model_validate({"title": "x", "tasks": [published("a.md")]})
    made = compile_draft(draft, request, price=lambda *_: 0, rank=lambda *_: ())
    assert isinstance(made, Compiled)
    changed = request.model_copy(update={"base": plan_of(made.graph)})
    assert cover(made.graph, changed, (), named=()).left_out == ()
    assert made.graph.tasks[0].key == TaskKey("files-publish")


def test_a_file_is_handled_only_where_it_is_read_or_written() -> None:
    found = covered(
        "write a letter to a.md and b.md", task("draft", "Write a letter to a.md and b.md")
    )
    assert "“a.md” and “b.md”" in found.left_out[0]


def test_a_part_that_the_plan_knows_nothing_of_is_said() -> None:
    words = "Draft a poem and invite the neighbours for cake"
    assert (
        "invite the neighbours for cake"
        in covered(words, task("draft", "Draft a poem")).left_out[0]
    )
    assert not covered(words, task("draft", words)).left_out


def test_an_agent_that_is_barred_is_not_chosen() -> None:
    words = "Write an ad, anybody but ChatGPT or Gemini"
    request = ask(words, catalogue=ALL, barred=barred(handed_work(words, ALL)))
    draft = Draft.model_validate({"title": "x", "tasks": [task("draft", words)]})
    made = compile_draft(draft, request, price=lambda *_: 100, rank=_ranked)
    assert isinstance(made, Compiled)
    assert made.graph.tasks[0].agent == "claude"
    assert cover(made.graph, request, (), named=handed_work(words, ALL)).gaps == ()


def test_a_file_that_is_to_be_left_alone_is_never_written() -> None:
    found = covered("tidy up but leave blog/a.md alone", published("blog/a.md"))
    assert "leave blog/a.md alone" in found.refused


STATUS = FileInfo(
    path="orders.csv", media_type="text/csv", size=9,
    columns=(Column(name="status", type="VARCHAR", samples=("open",), values=("open", "closed")),
             Column(name="amount", type="DOUBLE")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sql", "left"),
    [
        ("count the open orders", "SELECT COUNT(*) FROM orders", "“open”"),
        ("count the open orders", "SELECT COUNT(*) FROM orders WHERE status = 'open'", ""),
        ("which order has the biggest amount", "SELECT * FROM orders", "“biggest”"),
        ("which order has the biggest amount", "SELECT * FROM orders ORDER BY 2 LIMIT 1", ""),
        ("orders that never closed", "SELECT * FROM orders WHERE amount IS NOT NULL", "never closed"),
        ("orders that never closed", "SELECT * FROM orders WHERE status <> 'closed'", ""),
    ],
)  # fmt: skip
def test_words_that_change_a_figure_are_in_its_sql(words: str, sql: str, left: str) -> None:
    inputs = {"sources": {"value": "orders.csv"}, "sql": {"value": sql}}
    found = covered(words, task("data.query", inputs=inputs), files=(STATUS,))
    assert (left in " ".join(found.left_out)) if left else not found.left_out
