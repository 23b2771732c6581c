"""What people try first: every line gets an answer that is true and says what to do."""

import io
from pathlib import Path

import pytest

from bot.chat import OutFile, Outgoing, Section
from bot.cli.app import run as orchestra
from bot.language import intents as c
from bot.language.commands import parse
from bot.language.state import ConversationState
from bot.language.words import wrapped
from bot.platforms.console.platform import ConsolePlatform
from bot.platforms.console.screen import PlainScreen
from executor.egress.files import ProjectFiles
from memory.model.identity import ThreadRef
from memory.model.text import sentence
from tests.unit.bot.language.test_commands import PLAN, WAITING, heard

OVER = ConversationState(last_plan=PLAN, known=True, mine=True)
THREAD = ThreadRef(platform="console", workspace="local", channel="chat", thread="t")


@pytest.mark.parametrize("text", ["🎉", "🎉🎉🎉", "👍"])
@pytest.mark.parametrize("state", [WAITING, OVER, ConversationState(known=True, mine=True)])
def test_a_cheer_is_thanks_and_nothing_else(text: str, state: ConversationState) -> None:
    assert parse(heard(text), state) == c.SmallTalk(what="talk.thanks", text=text)


@pytest.mark.parametrize("text", ["🦜", "???", "…"])
@pytest.mark.parametrize("state", [WAITING, OVER, ConversationState(known=True, mine=True)])
def test_a_line_without_words_is_neither_a_request_nor_a_change(
    text: str, state: ConversationState
) -> None:
    assert parse(heard(text), state) == c.Unclear(
        say=sentence(
            "I don't know what {text} means here; say it in words, or say `help`.", text=text
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "use the region report template",
        "use the data-report template for orders.csv",
        "run the “weekly” template",
        "use template data-report",
    ],
)
def test_a_template_is_asked_for_while_another_plan_waits(text: str) -> None:
    assert parse(heard(text), WAITING) == c.NewRequest(text=text)


def test_an_agent_for_a_plan_is_no_template() -> None:
    text = "use Claude for the template"
    assert parse(heard(text), WAITING) == c.ChangePlan(plan=PLAN, text=text)


def test_undo_before_anything_ran_says_so() -> None:
    said = parse(heard("undo"), WAITING)
    assert isinstance(said, c.Unclear)
    assert "hasn't changed anything yet" in said.say.message
    assert parse(heard("undo"), OVER) == c.Named(name="run.undo")


def test_to_rerun_a_plan_that_still_waits_otherwise_is_to_change_it() -> None:
    text = "rerun it, but use a line chart"
    assert parse(heard(text), WAITING) == c.ChangePlan(plan=PLAN, text="use a line chart")
    assert parse(heard(text), OVER) == c.Fork(text="use a line chart")


@pytest.mark.parametrize(
    "text",
    [
        "use a line chart",
        "skip 2",
        "remove step 2",
        "all but 2",
        "use Claude for drafts",
        "only the top 5",
    ],
)
def test_a_change_said_after_the_run_makes_another_plan_of_it(text: str) -> None:
    assert parse(heard(text), OVER) == c.Fork(text=text)
    assert parse(heard(text), ConversationState(known=True, mine=True)) == c.Said(text=text)


def test_what_is_only_thought_of_may_be_said_of_the_step() -> None:
    assert parse(heard("what if step 3 was skipped?"), WAITING) == c.WhatIf(
        plan=PLAN, text="skip step 3"
    )


def test_a_path_in_a_box_is_broken_between_names() -> None:
    assert wrapped("Write reports/big.md", 15, 2) == ["Write", "reports/big.md"]
    assert wrapped("reports/2026/figures.md", 16, 2) == ["reports/2026/", "figures.md"]


@pytest.mark.parametrize("verb", ["template", "schedule", "eval", "maintain"])
def test_a_verb_without_its_second_word_shows_what_there_is(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert orchestra([verb]) == 2
    said = capsys.readouterr()
    assert said.out.startswith(f"Usage: orchestra {verb}")
    assert "Commands:" in said.out
    assert not said.err


def test_bad_usage_names_the_help_of_the_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert orchestra(["template", "show"]) == 2
    assert capsys.readouterr().err.endswith("see `orchestra template show --help`.\n")


@pytest.mark.parametrize(("columns", "drawn"), [(60, False), (80, True), (100, True)])
async def test_a_drawing_that_a_narrow_terminal_would_break_is_left_to_the_picture(
    columns: int, drawn: bool, tmp_path: Path
) -> None:
    out = io.StringIO()
    screen = PlainScreen(out, columns)
    platform = ConsolePlatform(screen, tmp_path, ProjectFiles(tmp_path).write, session="s")
    file = OutFile(
        name="plan.png", digest="d" * 64, media_type="image/png", alt=f"╭{'─' * 60}╮\n╰{'─' * 60}╯"
    )
    message = Outgoing(sections=(Section(text="Plan"), Section(text="1. A")), files=(file,))
    await platform.post(THREAD, message, {file.digest: b"png"}, key="k")
    assert ("╭" in out.getvalue()) is drawn
    assert "plan.png" in out.getvalue()
