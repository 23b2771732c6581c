"""Results of tests of the agents, kept as what is known of them before they worked here."""

from collections.abc import Sequence

from bot.actions.act import Act
from memory.model.authority import Right
from planner.evaluation.priors import keep
from planner.evaluation.routing import Asked


async def keep_tests(act: Act, tests: Sequence[Asked]) -> int:
    """Keep them; how many. Only the command line has this. Raises NotAllowed."""
    act.must(Right.SET_PREFERENCE)
    kept = await keep(act.tx, act.project, tests, at=act.now)
    await act.record("agents.tested", f"project:{act.project}")
    return kept
