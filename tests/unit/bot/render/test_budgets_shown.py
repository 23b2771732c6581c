"""Budgets of tokens and runs in words, and how good forecasts were."""

from bot.language.catalogue import ENGLISH
from bot.queries.budgets import Outlook
from bot.render.budgets import budget_alert, budget_report
from memory.model.budget import Budget, BudgetState, Unit
from memory.model.events import BudgetAlert
from planner.evaluation.calibration import Coverage
from tests.unit.bot.samples import START


def _outlook(unit: Unit, limit: int, spent: int) -> Outlook:
    budget = Budget.model_validate(
        {"id": "b", "project": "p", "name": "b", "limit_micro_usd": limit, "unit": unit}
    )
    return Outlook(
        state=BudgetState(budget=budget, period_start=START, spent_micro_usd=spent),
        by_agent=(("claude", 750_000),) if unit == "tokens" else (),
    )


def test_each_unit_is_shown_in_its_own_words() -> None:
    text = budget_report(
        ENGLISH, [_outlook("tokens", 1_000_000, 750_000), _outlook("runs", 200, 200)]
    ).text
    assert "75% · 750,000 of 1,000,000 tokens this month · 250,000 tokens left" in text
    assert "spent on: claude 750,000 tokens" in text
    assert "200 of 200 runs this month · 0 runs left" in text
    assert "**PAUSED**: no new run begins." in text


def test_an_alert_of_runs_asks_for_runs() -> None:
    alert = BudgetAlert(
        budget="b", percent=90, spent_micro_usd=180, limit_micro_usd=200, paused=False
    )
    out = budget_alert(ENGLISH, alert, _outlook("runs", 200, 180))
    assert "90% of 200 runs used this month." in out.text
    assert out.sections[0].buttons[0].asks == "New limit, for example 300 runs"


def test_the_report_says_how_often_forecasts_held_once_there_are_some() -> None:
    held = Coverage(cases=20, inside=85.0, below=10.0, above=5.0, median_error=9.0)
    known = [_outlook("usd", 50_000_000, 0)]
    assert (
        "Forecasts: 17 of the last 20 finished runs cost what was forecast; 2 cost less, 1 more."
        in budget_report(ENGLISH, known, held).text
    )
    few = held.model_copy(update={"cases": 3})
    assert "Forecasts" not in budget_report(ENGLISH, known, few).text
