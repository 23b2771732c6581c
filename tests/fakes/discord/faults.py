"""What goes wrong on demand: a list of orders that each spoil some requests."""

import re
from dataclasses import dataclass, field
from typing import Literal

When = Literal["before", "after", "cut_before", "cut_after"]


@dataclass
class Fault:
    """Spoils `times` requests whose `METHOD /path` matches, before or after they had effect."""

    match: re.Pattern[str]
    status: int = 503
    when: When = "before"
    times: int = 1
    retry_after_s: float = 0.05
    code: int = 0
    """Discord's own number of the error."""
    hit: int = 0


@dataclass
class Faults:
    """The orders in force."""

    orders: list[Fault] = field(default_factory=list)

    def add(
        self,
        match: str,
        status: int = 503,
        *,
        when: When = "before",
        times: int = 1,
        retry_after_s: float = 0.05,
        code: int = 0,
    ) -> Fault:
        """Spoil the next requests that match, e.g. `POST .*/messages$`."""
        fault = Fault(re.compile(match), status, when, times, retry_after_s, code)
        self.orders.append(fault)
        return fault

    def due(self, method: str, path: str) -> Fault | None:
        """The fault this request meets, if any."""
        for fault in self.orders:
            if fault.hit < fault.times and fault.match.search(f"{method} {path}"):
                fault.hit += 1
                return fault
        return None
