"""What the ending of an attempt says about its agent. Pure."""

from executor.policy import retry
from memory.model.agents.signal import Signal, SignalKind
from memory.model.work.graph import Task
from memory.model.work.run import Failed, Outcome, Reviewed, Succeeded

_FAILURES = {
    "timeout": SignalKind.TIMED_OUT,
    "invalid_output": SignalKind.INVALID,
    "unavailable": SignalKind.UNREACHABLE,
    "rate_limited": SignalKind.UNREACHABLE,
}


def of(outcome: Outcome, task: Task, *, opened: bool = False) -> tuple[Signal, ...]:
    """The signals, none where it says nothing about the agent.

    `opened`: it was the failure after which the agent was paused.
    """
    match outcome:
        case Succeeded(cached=True) | Failed(not_its_own=True):
            return ()
        case Succeeded(reviewed=reviewed):
            checked = (Signal(kind=SignalKind.CHECKED),) if task.checks else ()
            return (Signal(kind=SignalKind.ARRIVED), *checked, *_review(reviewed))
        case Failed(code=code) if code in retry.ELSEWHERE and code not in {"storage", "no_agent"}:
            paused = (Signal(kind=SignalKind.PAUSED),) if opened else ()
            return (Signal(kind=_FAILURES.get(code, SignalKind.BROKE)), *paused)
        case _:
            return ()


def _review(reviewed: Reviewed | None) -> tuple[Signal, ...]:
    if reviewed is None:
        return ()
    kind = SignalKind.UNAPPROVED
    if reviewed.approved:
        kind = SignalKind.CHANGED if reviewed.rounds else SignalKind.APPROVED
    rounds = float(max(1, reviewed.rounds))
    return (Signal(kind=kind, value=rounds, source=reviewed.agent),)
