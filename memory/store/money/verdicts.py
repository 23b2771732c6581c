"""What came of asking the budgets: it's promised, it's short, a threshold was passed."""

from dataclasses import dataclass

from memory.model.base import RunId
from memory.model.budget import THRESHOLDS, BudgetState, show_amount
from memory.model.events import BudgetAlert
from memory.model.text import text
from memory.store.money.holds import Hold


@dataclass(frozen=True)
class Promised:
    """So much money is set aside in all of these."""

    holds: tuple[Hold, ...]
    amount_micro_usd: int = 0


@dataclass(frozen=True)
class Short:
    """It does not fit. `waits` when it may once others have settled what they reserved."""

    state: BudgetState
    needed_micro_usd: int
    waits: bool

    @property
    def text(self) -> str:
        """A sentence for people."""
        budget = self.state.budget
        left = max(0, budget.limit_micro_usd - self.state.spent_micro_usd)
        return text(
            "Budget “{name}” has {left} left of {limit}, and the next task may need {needed}; "
            "raise the budget and resume.",
            name=budget.name,
            left=show_amount(budget.unit, left),
            limit=show_amount(budget.unit, budget.limit_micro_usd),
            needed=show_amount(budget.unit, self.needed_micro_usd),
        )

    def alert(self, run: RunId | None) -> BudgetAlert:
        """That the limit is reached, since the next task doesn't fit."""
        return BudgetAlert(
            budget=self.state.budget.id,
            percent=THRESHOLDS[-1],
            spent_micro_usd=self.state.spent_micro_usd,
            limit_micro_usd=self.state.budget.limit_micro_usd,
            paused=True,
            run=run,
            needed_micro_usd=self.needed_micro_usd,
        )


@dataclass(frozen=True)
class Passed:
    """A threshold was reached for the first time in the period."""

    state: BudgetState
    percent: int

    def alert(self, run: RunId | None = None, *, paused: bool = False) -> BudgetAlert:
        """That it was reached, by this run."""
        return BudgetAlert(
            budget=self.state.budget.id,
            percent=self.percent,
            spent_micro_usd=self.state.spent_micro_usd,
            limit_micro_usd=self.state.budget.limit_micro_usd,
            paused=paused,
            run=run,
        )
