"""What was taught, in drafts: agents by rule, charts and words as wanted, facts as quoted data."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from memory.model.work.rule import Rule
from planner.draft import Draft, DraftTask
from planner.offline.drafter import plan_offline
from planner.port import Answer, NeedsAnswers, Ready
from planner.rules.heeding import with_taught
from planner.service import Planner
from tests.conftest import SetClock
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.rules.test_understood import rule
from tests.unit.planner.world import ALL, ask, describe, folder, plan_of

REPORT = (
    "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md"
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return describe(folder(tmp_path_factory.mktemp("taught") / "work"), "sales.csv")


def charts(draft: Draft) -> list[str | None]:
    return [given.value for task in draft.tasks for given in task.inputs if given.name == "kind"]


def drafting(agent: str | None = None) -> Draft:
    return Draft(
        title="t",
        tasks=(
            DraftTask(key="d", title="Draft", type="draft", instruction="Write.", agent=agent),
            DraftTask(key="q", title="Query", type="data.query"),
        ),
    )


def heeded(draft: Draft, text: str, *taught: Rule, **more: Any) -> Draft:
    return with_taught(draft, ask(text, catalogue=ALL, taught=taught, **more))


def test_what_is_always_wanted_is_told_to_authors_and_stated() -> None:
    draft = heeded(drafting(), "write it", rule("I prefer British English"))
    assert draft.tasks[0].instruction == "Write.\n\nI prefer British English."
    assert draft.tasks[1] == drafting().tasks[1]
    assert "said on 2 March: “I prefer British English” (rule 1)" in draft.assumptions[0]


def test_a_fact_is_given_as_data_with_its_source_and_never_as_an_order() -> None:
    fact = rule("our fiscal year starts in April").model_copy(update={"author_name": "kim"})
    draft = heeded(drafting(), "write about the fiscal year", fact)
    (given,) = draft.tasks[0].inputs
    assert given.name == "context"
    assert given.value is not None
    assert "- our fiscal year starts in April (kim, 2026-03-02)" in given.value
    assert draft.tasks[0].instruction == "Write."
    assert draft.tasks[1].inputs == ()
    assert "“our fiscal year starts in April”" in draft.assumptions[0]


def test_a_request_that_breaks_a_rule_is_asked_about_and_the_rule_holds_by_default() -> None:
    never = rule("never use Gemini for drafts", 3)
    draft = heeded(drafting("gemini"), "have Gemini write it", never)
    (gap,) = draft.gaps
    assert (gap.slot, gap.default) == ("rule:3", "keep to the rule")
    assert "never use Gemini for drafts" in gap.question
    assert draft.tasks[0].agent is None
    once = Answer(slot="rule:3", value=gap.options[1])
    again = heeded(drafting("gemini"), "have Gemini write it", never, answers=(once,))
    assert again.tasks[0].agent == "gemini"


def test_an_agent_that_nobody_named_gives_way_to_the_rule_without_a_question() -> None:
    draft = heeded(drafting("gemini"), "write it", rule("always use Claude for drafts"))
    assert draft.gaps == ()
    assert draft.tasks[0].agent is None
    assert any("always use Claude" in stated for stated in draft.assumptions)


def test_a_preference_is_no_reason_to_ask() -> None:
    draft = heeded(drafting("gemini"), "have Gemini write it", rule("prefer Claude for drafts"))
    assert (draft.gaps, draft.tasks[0].agent) == ((), "gemini")


def test_a_change_is_held_to_the_rules_and_gets_nothing_else(files: Any) -> None:
    base = plan_of(graph_of(ask(REPORT, files)))
    wants = (rule("I prefer British English"), rule("our fiscal year starts in April", 2))
    assert heeded(drafting(), "make it shorter", *wants, base=base) == drafting()
    never = rule("never use Gemini for drafts", 3)
    assert heeded(drafting("gemini"), "use Gemini", never, base=base).gaps


def test_the_kind_that_is_always_wanted_is_drawn_unless_another_is_named(files: Any) -> None:
    always = (rule("always use a pie chart"),)
    open_ = with_taught(plan_offline(ask(REPORT, files)), ask(REPORT, files, taught=always))
    assert charts(open_) == ["pie"]
    assert any("always use a pie chart" in stated for stated in open_.assumptions)
    text = REPORT.replace("chart it", "make a line chart")
    named = plan_offline(ask(text, files))
    assert with_taught(named, ask(text, files, taught=always)) == named


@pytest.mark.parametrize(
    "words", ["always use a pie chart for regions", "always use British English"]
)
def test_a_wish_about_something_else_changes_no_chart(words: str, files: Any) -> None:
    draft = plan_offline(ask(REPORT, files))
    assert charts(with_taught(draft, ask(REPORT, files, taught=(rule(words),)))) == charts(draft)


def test_the_day_has_its_year_where_it_is_another() -> None:
    old = rule("I prefer British English").model_copy(
        update={"at": datetime(2024, 5, 12, tzinfo=UTC)}
    )
    assert "said on 12 May 2024" in heeded(drafting(), "write it", old).assumptions[0]


async def test_the_agent_that_a_rule_wants_does_it_unless_another_is_named(
    tmp_path: Path, clock: SetClock
) -> None:
    text = "draft an article about tea, review it"
    wants = (rule("always use Claude for drafts"), rule("never use ChatGPT for reviews", 2))
    never = (rule("never use ChatGPT"),)
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as planner:
        ready = await planner.plan(ask(text, catalogue=ALL, taught=wants))
        named = ask(f"have ChatGPT {text}", catalogue=ALL, taught=never)
        asked = await planner.plan(named)
        keep = Answer(slot="rule:1", value="keep to the rule")
        kept = await planner.answer(named.model_copy(update={"answers": (keep,)}))
    assert isinstance(ready, Ready)
    assert ready.plan.graph.tasks[0].agent == "claude"
    assert ready.plan.graph.tasks[1].agent != "chatgpt"
    assert sum("said on 2 March" in stated for stated in ready.plan.assumptions) == 2
    assert isinstance(asked, NeedsAnswers)
    assert "never use ChatGPT" in asked.questions[0].text
    assert isinstance(kept, Ready)
    assert all(task.agent != "chatgpt" for task in kept.plan.graph.tasks)
