"""What is set aside in a budget for a call that is under way. Pure."""

from collections.abc import Sequence
from datetime import datetime

from memory.model.budget import CALL_TOKENS, Budget

Hold = tuple[str, str] | tuple[str, str, int]
"""A budget's id, the start of the period it was promised in (ISO 8601), and how much of what isn't
money.
"""


def hold_in(budget: Budget, start: datetime) -> Hold | None:
    """Where a call has something set aside, of tokens a usual call's; None where calls don't count."""
    match budget.unit:
        case "usd":
            return budget.id, start.isoformat()
        case "tokens":
            usual = max(1, min(CALL_TOKENS, budget.limit_micro_usd))
            return budget.id, start.isoformat(), usual
        case "runs":
            return None


def held(hold: Hold, amount_micro_usd: int) -> int:
    """How much is set aside in it, in its unit."""
    return hold[2] if len(hold) == 3 else amount_micro_usd


def counted_only(holds: tuple[Hold, ...]) -> tuple[Hold, ...]:
    """The same budgets, where somebody else's call frees what is set aside in them."""
    return tuple((hold[0], hold[1], 0) for hold in holds)


def tokens_held(holds: Sequence[Hold]) -> int:
    """How many tokens the call is reckoned with, 0 where none are limited."""
    return max((hold[2] for hold in holds if len(hold) == 3), default=0)
