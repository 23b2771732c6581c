"""The money of one attempt: what was set aside for it, more where its budgets have room, no more."""

from functools import partial

from executor.attempts.fencing import LeaseLost
from executor.attempts.outage_wait import until_stored
from executor.meter import Meter
from executor.parts import Parts
from memory.model.agents.prices import counted
from memory.model.errors import OutOfMoney
from memory.model.work.run import Usage
from memory.store.money import budgets, ledger
from memory.store.money.verdicts import Short
from memory.store.running import attempts
from memory.store.running.attempts import Attempt


class Allowance(Meter):
    """Lets no call cost more than what is set aside for it (law 11)."""

    def __init__(self, parts: Parts, attempt: Attempt, account: ledger.Account) -> None:
        super().__init__()
        self._parts, self._attempt, self._account = parts, attempt, account
        self._spent = 0
        self.reserved_micro_usd = attempt.reserved_micro_usd
        """What is set aside by now, of which a part may be spent."""
        self.short: Short | None = None
        """Which budget had no room for the call that was not made."""

    async def afford(self, least_micro_usd: int, most_micro_usd: int) -> int | None:
        """How much the next call may cost; more is set aside for it where it's needed."""
        if not self._attempt.holds:
            return None
        lacks = most_micro_usd - (self.reserved_micro_usd - self._spent)
        if lacks > 0:
            least = max(0, lacks - (most_micro_usd - least_micro_usd))
            extend = partial(self._extend, lacks, least)
            await until_stored(self._parts, self._attempt.id, extend)
        if self.short is not None:
            raise OutOfMoney("{reason}", reason=self.short.text)
        return min(most_micro_usd, self.reserved_micro_usd - self._spent)

    def paid(self, usage: Usage) -> None:
        """Count a call, however it ended."""
        super().paid(usage)
        self._spent += counted(usage, 0).cost_micro_usd or 0

    async def _extend(self, most: int, least: int) -> None:
        attempt = self._attempt
        async with self._parts.database.transaction() as tx:
            if not await attempts.is_with(tx, attempt.id, self._parts.engine.worker):
                raise LeaseLost
            now, own = self._parts.clock.now(), self.reserved_micro_usd
            more = await budgets.extend(
                tx, attempt.project, attempt.holds, most, least, own=own, at=now
            )
            if isinstance(more, Short):
                self.short = more
                return
            await ledger.extend(tx, self._account, more, at=now)
            await attempts.set_aside(tx, attempt.id, self.reserved_micro_usd + more)
        self.reserved_micro_usd += more
