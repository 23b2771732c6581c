"""What can go wrong with a call, planned by a test."""

from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One misfortune. `after`: the call took effect, only the answer is lost."""

    status: int = 0
    error: str = ""
    retry_after_s: int = 0
    cut: bool = False
    delay_s: float = 0.0
    after: bool = False


class Faults:
    """Faults to come, by method, in order."""

    def __init__(self) -> None:
        self._planned: dict[str, deque[Fault]] = defaultdict(deque)

    def plan(self, method: str, *faults: Fault) -> None:
        self._planned[method].extend(faults)

    def next(self, method: str) -> Fault | None:
        return self._planned[method].popleft() if self._planned[method] else None
