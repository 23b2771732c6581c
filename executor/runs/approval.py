"""Whether the approvals a run stands on still hold, with everyone's role as it is now (law 3)."""

from collections.abc import Iterable, Sequence
from typing import Final

from executor.parts import Parts
from memory.model.approvals.counting import Word
from memory.model.authority import Allowed, Denied, Verdict, approved
from memory.model.text import later, text
from memory.model.timing.stored_schedule import Standing
from memory.model.work.approval import Approval
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.planning import approval_requests, plans
from memory.store.running.attempts import Attempt
from memory.store.scheduling import firings, schedules

_BROKEN: Final = later(
    "The approval by {person} isn't as it was given: its seal doesn't hold, so the database was "
    "changed by hand, or the keys here are others. Run `orchestra audit verify`, then have a new "
    "plan approved."
)


async def judged(tx: Connection, parts: Parts, plan: Plan, words: Iterable[Word]) -> Verdict:
    """Whether these approvals are enough for the plan at this moment."""
    rules = await parts.rules(tx, plan.project)
    about, roles = await approval_requests.judging(tx, plan, rules, now=parts.clock.now())
    return approved(words, about, roles, rules)


def broken(given: Sequence[Approval | Standing]) -> Denied | None:
    """The denial where one of these isn't sealed as it was given: then nothing runs on any."""
    for word in given:
        if not word.holds:
            person = word.person.rpartition(":")[2]
            return Denied(text(_BROKEN, person=person))
    return None


async def before_effect(tx: Connection, parts: Parts, attempt: Attempt, plan: Plan) -> Verdict:
    """Whether a run that was approved once may still change something."""
    if attempt.simulated:
        return Allowed()
    firing = await firings.of_run(tx, attempt.run)
    if firing is not None:
        standing = await schedules.standing(tx, firing.firing.schedule, plan.hash)
        unsealed = broken(standing)
        if unsealed is not None:
            return unsealed
        return await judged(tx, parts, plan, [(word.person, word.at) for word in standing])
    decisions = await plans.decisions(tx, plan.hash)
    unsealed = broken(decisions)
    if unsealed is not None:
        return unsealed
    return await judged(tx, parts, plan, words_of(decisions))


def words_of(decisions: Iterable[Approval]) -> list[Word]:
    """The approvals among the decisions."""
    return [(word.person, word.at) for word in decisions if word.decision == "approve"]
