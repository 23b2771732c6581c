"""No sentence of bot/render is left without a translation, where every sentence has one."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from bot.chat import OutFile, Outgoing
from bot.language.catalogue import DOMAIN, Locale, locale_of
from bot.queries.budgets import Outlook
from bot.render.agents import agents_message
from bot.render.budgets import budget_alert, budget_report
from bot.render.errors import error_message, unexpected
from bot.render.help import help_message
from bot.render.plans.differences import changes_text, comparison
from bot.render.plans.message import closed_plan, plan_message
from bot.render.questions import Asked, person_question, questions_message
from bot.render.runs import completion, progress, status
from memory.model.agents.spec import Catalogue
from memory.model.base import AgentName, RequestId
from memory.model.budget import Budget, BudgetState, Period
from memory.model.errors import BadInput
from memory.model.events import BudgetAlert
from memory.model.timing.schedule import Cron, Schedule
from memory.model.work.graph import Condition, Const, FromTask, Retry
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, TaskState
from memory.model.work.value import File, Table, Text
from planner.port import Question
from tests.lint.texts import catalog, sentences
from tests.unit.bot.samples import START, plan, task, view, writes

WRAPPED = re.compile("⟦[^⟦⟧]*⟧")
CODE = re.compile("`[^`]*`")
WORD = re.compile("[A-Za-z]{2,}")
OURS = {"KB", "UTC", "chatgpt", "gemini"}
"""What is the same in every language: units, and agents by their names."""

NAMES = {AgentName("chatgpt"): "Γ", AgentName("gemini"): "Δ"}
PICTURE = OutFile(name="p.png", digest="d" * 64, media_type="image/png")


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Locale:
    folder = tmp_path_factory.mktemp("locales")
    made = catalog(sentences())
    made.locale = "en_GB"
    for message in made:
        if not message.id:
            continue
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        wrapped = tuple(f"⟦{form}⟧" for form in forms)
        message.string = wrapped if message.pluralizable else wrapped[0]
    path = folder / "xx" / "LC_MESSAGES" / f"{DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, made)
    return locale_of("xx", folder=Path(folder))


def rich_plan() -> Plan:
    """A plan that has nearly everything to say."""
    tasks = (
        task("a", "Α", inputs={"sources": Const(value=["ω.csv"]), "kind": Const(value="ω")},
             cost_high_micro_usd=20_000),
        task("b", "Β", when=(Condition(task="a", path="rows", op="gt", value=3),),
             priority="high", group="Ψ", effects=writes("β.md")),
        task("c", "Χ", each=FromTask(task="a"), at_most=9, retry=Retry(attempts=3),
             cost_cap_micro_usd=9_000, effects=writes(*(f"{n}/ξ.md" for n in range(9)))),
    )  # fmt: skip
    when = Schedule(when=Cron(expression="0 9 * * 1,3"), zone="UTC")
    return plan(*tasks, title="Π", on_failure="ask", assumptions=("Σ",), schedule=when)


def messages(_: Locale) -> Iterator[Outgoing]:
    rich, small = rich_plan(), plan(task("a", "Α", "gemini", instruction="Φ"), title="Θ")
    yield plan_message(
        _,
        rich,
        needs="Κ",
        picture=PICTURE,
        names=NAMES,
        changes=changes_text(_, small, rich, NAMES),
    )
    yield closed_plan(_, rich, "", picture=PICTURE, names=NAMES)
    yield comparison(_, small, rich, NAMES, quality=(), take=RequestId("r"))
    values = {
        "a": Table(columns=("α",) * 9, rows=((1,) * 9,), total_rows=99),
        "b": File(path="β.md", digest="d" * 64, media_type="x/y", size=4_000),
        "c": Text(text=""),
    }
    states = {"a": TaskState.SUCCEEDED, "b": TaskState.FAILED, "c": TaskState.SKIPPED}
    for state in RunState:
        run = view(rich, states, state=state, values=values)
        yield progress(_, run, rich, PICTURE, names=NAMES)
        yield completion(_, run, rich, names=NAMES)
        yield completion(_, run.model_copy(update={"simulated": True}), rich, names=NAMES)
        yield status(_, [run], now=START)
    yield status(_, ())
    for period in Period:
        budget = Budget(id="1", project="1", name="Ζ", limit_micro_usd=50_000_000, period=period)
        state_ = BudgetState(budget=budget, period_start=START, reserved_micro_usd=1)
        alert = BudgetAlert(
            budget="1", percent=75, spent_micro_usd=1, limit_micro_usd=50_000_000, paused=False
        )
        yield budget_alert(_, alert, Outlook(state=state_, ends_on=date(2026, 3, 24)))
        yield budget_report(_, [Outlook(state=state_, ends_on=date(2026, 4, 1))])
    yield budget_report(_, ())
    yield help_message(_, offline=True)
    question = Question(slot="a", text="Η;", options=("Θ",), default="Θ")
    yield questions_message(_, [Asked("1", question)], request=RequestId("r"))
    yield person_question(_, "1", "Η;", who=None)
    yield agents_message(_, Catalogue(agents=()), (), now=START, days=7)
    yield error_message(
        _, BadInput("No budget is set. Say `budget $50 a month` to set one for this project.")
    )
    yield unexpected(_, "1")


def test_every_sentence_of_a_message_is_from_the_catalogue(pseudo: Locale) -> None:
    for out in messages(pseudo):
        words = [
            *(section.text for section in out.sections),
            *(part for section in out.sections for button in section.buttons
              for part in (button.label, button.asks)),
            *(file.alt for file in out.files),
        ]  # fmt: skip
        for text in words:
            assert left_over(text) == set(), text


def left_over(text: str) -> set[str]:
    """English words outside of translated sentences and code."""
    while WRAPPED.search(text):
        text = WRAPPED.sub("", text)
    return set(WORD.findall(CODE.sub("", text))) - OURS
