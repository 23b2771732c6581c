"""The table of actions keeps its word: what it lists is read, handled, shown and on the command line."""

from datetime import UTC, datetime

import pytest
from typer.main import get_command

from bot.chat import Incoming
from bot.cli.app import app
from bot.conversation import handlers
from bot.language import emoji, intents, phrases
from bot.language.catalogue import ENGLISH
from bot.language.commands import parse
from bot.language.routing.row import Row
from bot.language.routing.verbs import VECTORS, phrasings, verbs
from bot.language.state import ConversationState
from bot.language.table import BY_NAME, GROUPS, ROWS, completions, of_group
from bot.render.help import help_message
from memory.model.base import PlanHash, RequestId
from memory.model.identity import Identity, ThreadRef
from memory.model.work.question import StoredQuestion
from memory.recall import minilm
from planner.understanding.retrieval import Phrasings
from planner.understanding.spoken import spoken
from planner.understanding.vectors import missing_from

ANA = Identity(platform="slack", workspace="t", user_id="U1", display="ana")
KIM = Identity(platform="slack", workspace="t", user_id="U9", display="kim")
THREAD = ThreadRef(platform="slack", workspace="t", channel="C1", thread="1.0")
PLAN = PlanHash("a" * 64)
QUESTIONS = tuple(
    StoredQuestion(
        id=f"q{number}", request=RequestId("r"), round=1, slot=f"s{number}", text="Which?",
        options=options, default=options[0],
    )
    for number, options in enumerate((("developers", "managers"), ("draft", "publish")), 1)
)  # fmt: skip
WAITING = ConversationState(plan=PLAN, last_plan=PLAN, known=True, mine=True)
ASKING = ConversationState(questions=QUESTIONS, request=RequestId("r"), known=True, mine=True)
OVER = ConversationState(last_plan=PLAN, known=True, mine=True)

MEANS: dict[str, tuple[ConversationState, type[object]]] = {
    "request.ask": (ConversationState(), intents.Said),
    "question.answer": (ASKING, intents.AnswerGiven),
    "plan.approve_part": (WAITING, intents.ChangePlan),
    "plan.change": (WAITING, intents.ChangePlan),
    "plan.what_if": (WAITING, intents.WhatIf),
    "plan.rerun": (OVER, intents.Rerun),
    "plan.fork": (OVER, intents.Fork),
    "schedules.list": (OVER, intents.ScheduleOrder),
    "schedule.show": (OVER, intents.ScheduleOrder),
    "schedule.pause": (OVER, intents.ScheduleOrder),
    "schedule.resume": (OVER, intents.ScheduleOrder),
    "schedule.change": (OVER, intents.ScheduleOrder),
    "schedule.run": (OVER, intents.ScheduleOrder),
    "schedule.delete": (OVER, intents.ScheduleOrder),
    "templates.list": (OVER, intents.Named),
    "template.show": (OVER, intents.TemplateShow),
    "template.save": (OVER, intents.SaveTemplate),
    "rule.teach": (OVER, intents.Said),
    "rule.forget": (OVER, intents.Forget),
    "rule.accept": (OVER, intents.Propose),
    "rule.decline": (OVER, intents.Propose),
    "budget.set": (OVER, intents.BudgetSet),
    "budget.allow": (OVER, intents.BudgetMore),
    "budget.remove": (OVER, intents.BudgetRemove),
    "role.set": (OVER, intents.RoleSet),
    "project.switch": (OVER, intents.ProjectOrder),
    "secret.keep": (OVER, intents.Said),
    "secret.forget": (OVER, intents.ForgetSecret),
    "person.unlink": (OVER, intents.UnlinkAccount),
    "policy.explain": (WAITING, intents.ExplainPolicy),
    "quota.set": (OVER, intents.QuotaSet),
    "policy.set": (WAITING, intents.SetPolicy),
    "policy.remove": (WAITING, intents.EndPolicy),
    "approval.delegate": (WAITING, intents.Lend),
    "approval.end_delegation": (WAITING, intents.EndLent),
}
"""What the longer words of a row are read as, and in which state of the conversation."""


def said(text: str) -> Incoming:
    return Incoming(
        event_id="e", kind="message", thread=THREAD, author=ANA, text=text, addressed=True,
        mentions=(KIM,), at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("row", [row for row in ROWS if row.says], ids=lambda row: row.name)
def test_longer_words_are_read_as_their_row(row: Row) -> None:
    state, kind = MEANS[row.name]
    for words in row.says:
        assert isinstance(parse(said(words), state), kind), words


def test_no_phrase_means_two_things() -> None:
    every = [phrase for row in ROWS for phrase in row.phrases]
    assert sorted(every) == sorted(set(every))


SPOKEN = [row for row in ROWS if (row.phrases or row.says) and not row.exact]
COMMANDS = [verb for verb in verbs() if verb.kind in {"control", "about", "teach", "forget"}]


@pytest.mark.parametrize("row", SPOKEN, ids=lambda row: row.name)
def test_a_row_that_is_said_in_words_has_ten_phrasings_or_more(row: Row) -> None:
    assert len(set(phrasings()[row.name])) >= 10


def test_every_phrasing_belongs_to_a_row_and_none_to_two() -> None:
    assert set(phrasings()) <= set(BY_NAME)
    every = [text for known in phrasings().values() for text in {said.casefold() for said in known}]
    twice = {said for said in every if every.count(said) > 1}
    assert not twice


def test_a_command_takes_what_its_phrasings_name() -> None:
    for verb in COMMANDS:
        texts = [said for said in verb.phrasings if "‹money›" in spoken(said).types]
        assert not texts or verb.wants("amount") or verb.wants("text"), verb.name
        texts = [said for said in verb.phrasings if "‹person›" in spoken(said).types]
        assert not texts or verb.wants("person") or verb.wants("text"), verb.name


def test_the_weights_are_those_of_the_phrasings() -> None:
    embedder = minilm.installed()
    assert embedder is not None
    known = Phrasings(verbs())
    assert not missing_from(VECTORS, embedder.name, known.texts), "python -m bot.language.routing"


@pytest.mark.parametrize("row", [row for row in ROWS if row.phrases], ids=lambda row: row.name)
def test_a_phrase_is_read_whatever_its_case_and_politeness(row: Row) -> None:
    for phrase in row.phrases:
        assert phrases.meaning(phrase) == row.name
        assert phrases.meaning(f"{phrase.upper()}!") == row.name
        assert phrases.meaning(f"please {phrase}") == row.name


def test_an_emoji_means_one_thing_on_a_message() -> None:
    every = [(shows, mark) for row in ROWS for shows in row.shows for mark in row.emoji]
    assert sorted(every) == sorted(set(every))
    assert {mark for _, mark in every} <= set(emoji.NAMES.values())


def test_every_name_that_is_said_alone_has_a_handler() -> None:
    assert set(handlers.BY_NAME) <= set(BY_NAME)
    for row in ROWS:
        for phrase in row.phrases:
            for state in (ConversationState(), WAITING, ASKING, OVER):
                command = parse(said(phrase), state)
                if isinstance(command, intents.Named):
                    assert command.name in handlers.BY_NAME, phrase


def test_every_kind_of_command_has_a_handler() -> None:
    assert set(handlers.BY_KIND) | {intents.Named, intents.Said} == set(intents.Command.__args__)


@pytest.mark.parametrize("row", [row for row in ROWS if row.cli], ids=lambda row: row.name)
def test_the_command_line_has_what_the_table_says(row: Row) -> None:
    command = get_command(app)
    for word in filter(str.islower, row.cli.split()[1:]):
        commands = getattr(command, "commands", None)
        if commands is None or word.startswith("-"):
            break
        assert word in commands, row.cli
        command = commands[word]


def test_the_help_shows_every_row_once() -> None:
    text = help_message(ENGLISH, offline=False).text
    listed = [row for group in GROUPS for row in of_group(group)]
    assert {row.name for row in listed} == {row.name for row in ROWS if not row.hidden}
    assert all(ENGLISH.sentence(row.help) in text for row in listed if row.name != "request.ask")


def test_completions_are_words_that_work() -> None:
    assert "status" in completions()
    assert "run all but 4" in completions()
