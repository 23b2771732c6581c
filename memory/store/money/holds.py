"""What is set aside in a budget for a call that is under way. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from memory.model.budget import CALL_TOKENS, MINUTE_MS, Budget

Hold = tuple[str, str] | tuple[str, str, int] | tuple[str, str, int, Literal["minutes"]]
"""A budget's id, the start of the period it was promised in (ISO 8601), and how much of what isn't
money: tokens, or milliseconds of `minutes`.
"""


def hold_in(budget: Budget, start: datetime) -> Hold | None:
    """Where a call has something set aside: of tokens a usual call's, of time a minute, of which it
    gets one after the other. None where calls don't count.
    """
    match budget.unit:
        case "usd":
            return budget.id, start.isoformat()
        case "tokens":
            usual = max(1, min(CALL_TOKENS, budget.limit_micro_usd))
            return budget.id, start.isoformat(), usual
        case "minutes":
            first = max(1, min(MINUTE_MS, budget.limit_micro_usd))
            return budget.id, start.isoformat(), first, "minutes"
        case "runs":
            return None


def held(hold: Hold, amount_micro_usd: int) -> int:
    """How much is set aside in it, in its unit."""
    return amount_micro_usd if len(hold) == 2 else hold[2]


def counted_only(holds: tuple[Hold, ...]) -> tuple[Hold, ...]:
    """The same budgets, where somebody else's call frees what is set aside in them."""
    return tuple((hold[0], hold[1], 0) for hold in holds)


def tokens_held(holds: Sequence[Hold]) -> int:
    """How many tokens the call is reckoned with, 0 where none are limited."""
    return max((hold[2] for hold in holds if len(hold) == 3), default=0)


def time_held(holds: Sequence[Hold]) -> int:
    """How many milliseconds it may work until it has to ask for more, 0 where no time is limited."""
    return min((hold[2] for hold in holds if len(hold) == 4), default=0)


def of_time(holds: Sequence[Hold]) -> tuple[Hold, ...]:
    """Where time is set aside, as plain amounts."""
    return tuple((hold[0], hold[1]) for hold in holds if len(hold) == 4)


def with_time(holds: Sequence[Hold], more_ms: int) -> tuple[Hold, ...]:
    """The same with so much more time."""
    return tuple(
        (*hold[:2], hold[2] + more_ms, hold[3]) if len(hold) == 4 else hold for hold in holds
    )
