"""A plan changed in words: what is done, what is asked, and what is refused with a reason."""

from typing import Any

import pytest

from memory.model.agents.spec import AgentSpec
from planner.draft import Draft, DraftTask
from planner.offline import edits
from planner.offline.drafter import plan_offline
from planner.port import Answer
from planner.preferences import worth_keeping
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.world import ALL, ask, describe, folder, plan_of

BLOG = "research bees, write a blog post about bees, review it and publish it to blog/bees.md"
SALES = "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md"
COSTS = {"chatgpt": 300, "claude": 500, "gemini": 100}


def price(agent: AgentSpec, tokens_in: int, tokens_out: int) -> int | None:
    return COSTS.get(agent.name, 0) * (tokens_in + tokens_out)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return describe(folder(tmp_path_factory.mktemp("changes") / "work"), "sales.csv")


def change(files: Any, text: str, words: str, **more: Any) -> Draft:
    base = plan_of(graph_of(ask(text, files, catalogue=ALL)))
    request = ask(f"{text}\n\n{words}", files, base=base, catalogue=ALL, **more)
    draft = edits.exact(base, request, price=price)
    assert draft is not None, "the change was not read"
    return draft


def keys(draft: Draft) -> list[str]:
    return [task.key for task in draft.tasks]


def task(draft: Draft, key: str) -> DraftTask:
    return next(one for one in draft.tasks if one.key == key)


def fed(one: DraftTask) -> list[str]:
    return [given.from_task for given in one.inputs if given.from_task]


def value(one: DraftTask, name: str) -> str:
    return next(given.value or "" for given in one.inputs if given.name == name)


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        (BLOG, "skip the review", "research draft publish"),
        (BLOG, "please leave out the research", "draft review publish"),
        (BLOG, "no need for reviewing", "research draft publish"),
        (BLOG, "remove step 4", "research draft review"),
        (BLOG, "all but 4", "research draft review"),
        (BLOG, "everything except the publishing", "research draft review"),
        (BLOG, "only 1-3", "research draft review"),
        (BLOG, "only steps 1 and 2", "research draft"),
        (BLOG, "only the draft", "research draft"),
        (BLOG, "drop the last step", "research draft review"),
        (BLOG, "skip 3 and 4", "research draft"),
        (SALES, "skip the chart and the report", "table"),
        (SALES, "all but 2", "table report"),
    ],
)
def test_tasks_go_with_what_cannot_be_done_without_them(
    text: str, words: str, left: str, files: Any
) -> None:
    assert keys(change(files, text, words)) == left.split()


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        (BLOG, "remove step 2", "2 (Write a blog post about bees) can't go alone: step 3 is made"),
        (SALES, "remove step 1", "steps 2 and 3 are made from it. Say `remove 1, 2 and 3`"),
        (SALES, "all but 1", "leaves nothing to do"),
        (BLOG, "do 2 before 1", "works on what 1 (Research bees) gives"),
        (SALES, "swap 2 and 3", "so it can't come before it"),
        (BLOG, "use Copilot for the draft", "There's no agent Copilot here; you have ChatGPT"),
        (SALES, "use Claude for the chart", "no agent can take its place"),
        (SALES, "make step 2 cheaper", "costs nothing already"),
        (BLOG, "Claude instead of Gemini for the review", "Gemini does none of that here"),
        (BLOG, "add a check by kim before the podcast", "This plan has no step “the podcast”"),
        (SALES, "only the top 0", "a number of at least 1"),
        (BLOG, "all but 4 and 5", "This plan has no step 5; it has 4"),
        (BLOG, "skip step 12", "This plan has no step 12"),
        (BLOG, "only 3-7", "This plan has no step 7"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_what_would_work(
    text: str, words: str, why: str, files: Any
) -> None:
    declined = change(files, text, words).declined
    assert why in declined
    assert declined.count(". ") <= 1


def test_agents_are_given_to_the_work_that_is_named(files: Any) -> None:
    draft = change(files, BLOG, "use Claude for step 2 and Gemini for the review")
    assert [one.agent for one in draft.tasks[:3]] == [None, "claude", "gemini"]
    assert task(change(files, BLOG, "have Claude review it"), "review").agent == "claude"
    assert {one.agent for one in change(files, BLOG, "use Claude").tasks} == {
        "claude", "files.publish",
    }  # fmt: skip


def test_the_cheapest_that_can_do_it_takes_it_and_keeps_it(files: Any) -> None:
    draft = change(files, BLOG, "make step 3 cheaper")
    assert [task.agent for task in draft.tasks[:3]] == [None, None, "gemini"]
    assert {one.agent for one in change(files, BLOG, "use a cheaper agent").tasks[:3]} == {"gemini"}


def test_two_agents_for_one_task_are_asked_about_and_the_answer_counts(files: Any) -> None:
    words = "use Claude and Gemini for the draft"
    gap = change(files, BLOG, words).gaps[0]
    assert gap.question.startswith("You named Claude and Gemini")
    assert (gap.options, gap.accepts) == (("Claude", "Gemini"), ())
    settled = change(files, BLOG, words, answers=(Answer(slot=gap.slot, value="Gemini"),))
    assert settled.gaps == ()
    assert task(settled, "draft").agent == "gemini"
    over_two = change(files, BLOG, "use Claude for drafts and use Gemini for step 2")
    assert over_two.gaps[0].options == ("Claude", "Gemini")


def test_a_person_looks_at_it_before_it_is_published(files: Any) -> None:
    draft = change(files, BLOG, "add a check by kim before publishing")
    asked, publish = task(draft, "ask-kim"), task(draft, "publish")
    assert value(asked, "who") == "kim"
    assert fed(asked) == ["review"]
    assert publish.after == ("ask-kim",)
    assert fed(publish) == ["review"]
    after = change(files, BLOG, "have @kim check it after the research")
    assert fed(task(after, "ask-kim")) == ["research"]
    assert "ask-kim" in task(after, "draft").after


def test_an_agents_review_stands_between_the_text_and_the_publishing(files: Any) -> None:
    draft = change(files, BLOG, "add a review by Claude before publishing")
    assert task(draft, "review-2").agent == "claude"
    assert fed(task(draft, "review-2")) == ["review"]
    assert fed(task(draft, "publish")) == ["review-2"]


def test_what_passes_no_data_may_be_done_in_another_order(files: Any) -> None:
    two = "research bees, research wasps"
    draft = change(files, two, "do 2 before 1")
    first, second = graph_of(ask(two, files, catalogue=ALL)).tasks
    if first.key in second.needs():
        assert "can't come before" in draft.declined
    else:
        assert second.key in task(draft, first.key).after


def test_rows_paths_titles_charts_and_words_are_changed_in_place(files: Any) -> None:
    words = "only the top 5, line chart and save the report to r/x.md instead"
    draft = change(files, SALES, words)
    assert value(task(draft, "table"), "sql").endswith(" LIMIT 5")
    assert value(task(draft, "chart"), "kind") == "line"
    assert value(task(draft, "report"), "path") == "r/x.md"
    assert value(task(change(files, SALES, "save it to pics/x.png"), "chart"), "path") == (
        "pics/x.png"
    )
    assert task(change(files, BLOG, "at most 800 words"), "draft").instruction.endswith(
        "\n\nAt most 800 words."
    )
    assert change(files, BLOG, "stop if a step fails").on_failure == "stop"


def test_numbers_in_one_message_are_those_that_were_shown(files: Any) -> None:
    draft = change(files, BLOG, "skip step 1, make step 3 cheaper and add a check by kim before 4")
    assert keys(draft) == ["draft", "review", "publish", "ask-kim"]
    assert task(draft, "review").agent == "gemini"
    assert task(draft, "publish").after == ("ask-kim",)


@pytest.mark.parametrize(
    "words",
    [
        "skip the chart colours",
        "use Claude for drafts and paint it purple",
        "only the top 5 and frobnicate the rest",
        "remove rows with nulls",
        "line chart of the profit",
        "save it to a.md and mail it to bo",
    ],
)
def test_a_change_with_words_that_are_not_understood_is_not_half_done(
    words: str, files: Any
) -> None:
    base = plan_of(graph_of(ask(SALES, files, catalogue=ALL)))
    request = ask(f"{SALES}\n\n{words}", files, base=base, catalogue=ALL)
    assert edits.exact(base, request, price=price) is None
    assert "didn't understand that change" in plan_offline(request).declined


@pytest.mark.parametrize(
    ("slot", "kept"),
    [
        ("sales.csv:turnover column", True), ("reader", True), ("blog-post:audience", True),
        ("report format", True), ("time_zone", True), ("confidentiality", True),
        ("publish path of x.md", False), ("file sails.csv", False), ("mode", False),
        ("blog-post:topic", False), ("output format", False),
    ],
)  # fmt: skip
def test_only_what_holds_for_other_work_is_kept(slot: str, kept: bool) -> None:
    assert worth_keeping(slot) is kept


def test_a_question_changed_renames_the_plan_and_its_chart(files: Any) -> None:
    text = "chart total revenue by region of sales.csv"
    base = plan_of(graph_of(ask(text, files, catalogue=ALL)), "Total revenue by region")
    request = ask(f"{text}\n\nand now by product", files, base=base, catalogue=ALL)
    draft = plan_offline(request)
    assert draft.title == "Total revenue by product"
    assert task(draft, "chart").title == "Chart total revenue by product"
    assert value(task(draft, "chart"), "x") == "product"
