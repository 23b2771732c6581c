"""What the calls behind one piece of work may cost, and what they did cost, however they ended."""

from dataclasses import dataclass, field

from executor.policy.spending import total
from memory.model.work.run import Usage


@dataclass
class Meter:
    """Counts calls. By itself it sets no limit."""

    _used: list[Usage] = field(default_factory=list, init=False)

    async def afford(self, least_micro_usd: int, most_micro_usd: int) -> int | None:
        """How much the next call may cost: from `least` to `most`; None for no limit.

        Raises OutOfMoney where not even the least is there.
        """
        del least_micro_usd, most_micro_usd
        return None

    def paid(self, usage: Usage) -> None:
        """Count a call, however it ended."""
        self._used.append(usage)

    def take(self) -> Usage | None:
        """What was used since the last time this was asked; None for nothing."""
        used, self._used = self._used, []
        if not used:
            return None
        sum_ = Usage()
        for usage in used:
            sum_ = total(sum_, usage)
        return sum_
