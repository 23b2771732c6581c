"""No two budgets of a name limit the same for the same period. Pure."""

from collections.abc import Iterable

from memory.model.base import name_key
from memory.model.budget import Budget
from memory.model.errors import Conflict


def no_double(budget: Budget, others: Iterable[Budget]) -> None:
    """Raises Conflict when another of the name limits the same for the same period."""
    for other in others:
        if other.id != budget.id and _what(other) == _what(budget):
            raise Conflict(
                "There's already a budget called {name}; change that one instead.",
                name=budget.name,
            )


def _what(budget: Budget) -> tuple[object, ...]:
    return name_key(budget.name), budget.period, budget.scope, budget.subject, budget.unit
