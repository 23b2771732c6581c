"""Time, randomness and ids as values that are passed in (law 13), so tests can own them."""

import random
import secrets
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.fromtimestamp(time.time(), UTC)


class Ids(Protocol):
    """Makes ids that never repeat."""

    def new(self, prefix: str) -> str:
        """A fresh id such as `run_01k3…`, sortable by the time it was made."""
        ...


class SystemIds:
    """Ids of 48 bits of milliseconds and 50 random bits, in Crockford base 32."""

    _alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

    def new(self, prefix: str) -> str:
        """A fresh id, sortable by the time it was made."""
        number = (time.time_ns() // 1_000_000 << 50) | secrets.randbits(50)
        digits = []
        for _ in range(20):
            number, digit = divmod(number, 32)
            digits.append(self._alphabet[digit])
        return f"{prefix}_{''.join(reversed(digits))}"


class Random(Protocol):
    """A source of random numbers (`random.Random` is one)."""

    def random(self) -> float:
        """A number in [0, 1)."""
        ...


def system_random() -> Random:
    """Randomness for jitter and sampling; never for secrets."""
    return random.SystemRandom()
