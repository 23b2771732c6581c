"""By whose clock times are meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Zone:
    """The zone of times that name none, and whose it is ("" where none is known)."""

    name: str
    whose: str
