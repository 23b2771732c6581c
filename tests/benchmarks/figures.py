"""A measured figure with the limit it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number. `most` or `least` is the promise; `against` the yardstick of the same run."""

    area: str
    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    against: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the promise was kept; None where none was made."""
        if self.most is not None:
            return self.value < self.most
        if self.least is not None:
            return self.value >= self.least
        return None

    @property
    def ratio(self) -> float | None:
        """The value in units of the yardstick."""
        return self.value / self.against if self.against else None
