"""Checks of a result: read from words, drafted by a model, or set up by the owner."""

import pytest

from bot.language.catalogue import ENGLISH
from bot.render.plans.details import check_words
from bot.render.plans.message import plan_message
from memory.model.work.check import (
    ByProgram,
    Chars,
    Check,
    Contains,
    Format,
    NoSecrets,
    OwnerCheck,
    Shape,
    Words,
)
from memory.model.work.graph import Task
from memory.profiles.ranking import rank
from planner.compiling.checking import said_in
from planner.compiling.compiler import Problems, compile_draft
from planner.draft import Draft, DraftCheck
from planner.revising.redraft import draft_of
from tests.unit.bot.samples import plan
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.world import ALL, ask

LINT = OwnerCheck(name="lint", task_types=("code",))
STYLE = OwnerCheck(name="style", task_types=("Draft",))
WITH_LINT = ALL.model_copy(update={"checks": (LINT,)})
BEES = "have ChatGPT draft a post about bees"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("write it as valid JSON", Format(format="json")),
        ("reply with only JSON", Format(format="json")),
        ("It must be valid CSV.", Format(format="csv")),
        ("It must contain “Honey & co”.", Contains(text="Honey & co")),
        ('it has to mention the word "hive"', Contains(text="hive")),
        ("in at most 1,200 characters", Chars(most=1200)),
        ("no more than 280 chars", Chars(most=280)),
        ("It must not contain any secrets.", NoSecrets()),
        ("at least 300 words", Words(least=300, slack_percent=10)),
    ],
)
def test_common_wordings_are_read(said: str, found: Check) -> None:
    assert said_in("draft", said) == (found,)


@pytest.mark.parametrize(
    "said",
    [
        "explain what valid JSON is",
        "say why JSON and CSV differ",
        "write about what a post must contain",
        "as valid JSON, or as valid CSV",
        "",
    ],
)
def test_what_demands_nothing_is_left_alone(said: str) -> None:
    assert said_in("draft", said) == ()


def test_long_words_take_no_time() -> None:
    assert said_in("draft", "it must contain “" * 4_000) == ()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"{BEES}, it must contain “honey”", "checked: contains “honey”"),
        (f'{BEES}, must contain "a b", “c” and "d"', "checked: contains “a b”, contains “c”, con"),
        (f"{BEES}. It must be valid Markdown.", "checked: Markdown"),
        (f"{BEES} in at least 300 words and check it with lint", "checked: at least 300 words"),
        (f"{BEES}, then check it with the Lint check", "checked: lint"),
    ],
)
def test_the_offline_planner_makes_checks_of_words(said: str, shown: str) -> None:
    (draft,) = graph_of(ask(said, catalogue=WITH_LINT)).tasks
    assert check_words(ENGLISH, draft)[0].startswith(shown)
    assert (ByProgram(name="lint") in draft.checks) == ("lint" in said.casefold())


def test_an_unknown_check_is_told_in_a_sentence() -> None:
    with pytest.raises(AssertionError, match=r"There's no check spell here; there is lint\."):
        graph_of(ask(f"{BEES}, then check it with spell", catalogue=WITH_LINT))


@pytest.mark.parametrize(
    "said",
    [
        f"{BEES} and check it with Claude",
        f"{BEES} and check it with kim",
        f"{BEES} and verify it with two sources",
        f"{BEES} and check the post with the numbers we have",
    ],
)
def test_people_agents_and_plain_words_are_no_checks(said: str) -> None:
    assert all(not task.checks for task in graph_of(ask(said, catalogue=WITH_LINT)).tasks)


def test_the_owners_programs_that_will_run_are_in_the_plan() -> None:
    catalogue = ALL.model_copy(update={"checks": (LINT, STYLE)})
    (draft,) = graph_of(ask(BEES, catalogue=catalogue)).tasks
    assert draft.checks == (ByProgram(name="style"),)
    every = (Words(least=9), Format(format="json"), Shape(shape={}), NoSecrets(), Chars(most=9))
    shown = plan_message(ENGLISH, _plan_of(draft, every), needs="", picture=None).text
    assert "checked: style, at least 9 words, valid JSON, fits its schema, no secrets" in shown
    assert "at most 9 characters" in shown


def _plan_of(task: Task, more: tuple[Check, ...]):  # type: ignore[no-untyped-def]  # a sample
    return plan(task.model_copy(update={"checks": (*task.checks, *more)}))


def compiled(*checks: DraftCheck, instruction: str = "Write."):  # type: ignore[no-untyped-def]  # either
    request = ask(BEES, catalogue=WITH_LINT)
    fields = {"key": "draft", "title": "Draft", "type": "draft", "instruction": instruction}
    task = {**fields, "checks": [check.model_dump() for check in checks]}
    draft = Draft.model_validate({"title": "Bees", "tasks": [task]})
    return compile_draft(
        draft, request, rank=lambda task, able: rank((), task.type, able), price=lambda *_: 1
    )


def test_a_model_may_draft_checks_and_a_change_keeps_them() -> None:
    made = compiled(
        DraftCheck(kind="words", least=5, most=9),
        DraftCheck(kind="shape", value='{"type": "object"}'),
        DraftCheck(kind="program", value="LINT"),
        instruction="Write at least 300 words, as valid JSON.",
    )
    (task,) = made.graph.tasks
    wanted = (
        Format(format="json"),
        Words(least=5, most=9),
        Shape(shape={"type": "object"}),
        ByProgram(name="lint"),
    )
    assert task.checks == wanted
    again = draft_of(plan(task)).tasks[0]
    assert {check.kind for check in again.checks} == {"words", "shape", "program"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (DraftCheck(kind="spelling"), "there's no check spelling; use words, chars"),
        (DraftCheck(kind="program", value="spell"), "There's no check spell here; there is lint."),
        (DraftCheck(kind="format", value="xml"), "give json, markdown or csv as `value`."),
        (DraftCheck(kind="words"), "give `least` or `most`"),
        (DraftCheck(kind="shape", value="{"), "give a JSON schema"),
        (DraftCheck(kind="contains"), "give the text"),
    ],
)
def test_a_check_that_cannot_be_made_is_a_problem_told_in_a_sentence(
    said: DraftCheck, sentence: str
) -> None:
    made = compiled(said)
    assert isinstance(made, Problems)
    assert len(made.texts) == 1
    assert sentence in made.texts[0]
