"""What planning's own questions to models cost: each is reserved before and settled after."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from pydantic import JsonValue

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.prices import cost, reckoned, rounded
from memory.model.base import ProjectId, canonical_json
from memory.model.timing.clock import Clock
from memory.model.wires.turns import Turn
from memory.model.work.run import Usage
from memory.store.engine.database import Database
from memory.store.money import planning
from memory.store.money.holds import Hold
from memory.store.money.ledger import Account
from memory.store.money.verdicts import Short

BYTES_PER_TOKEN = 3
"""Few, so that what is reckoned is rather too much: English has 4, code and other scripts 3."""

TOKENS_OUT = 4_000
"""A draft of twenty tasks, with some thinking: an answer for less money isn't asked for."""

MOST_TOKENS = 16_000
"""What is set aside for an answer that nothing else limits, where there is money for it."""


REQUESTS, ENOUGH = 20, 5
"""So many requests tell what planning one costs, and so many at least."""

USUAL_TOKENS = (4_000, 800)
"""In and out, of one draft of a few tasks with thirty tools to choose from."""


class Forecast(NamedTuple):
    """From and to, in micro-USD."""

    low_micro_usd: int
    high_micro_usd: int


@dataclass(frozen=True)
class Held:
    """What is set aside for one question; `most_tokens`: how long an answer that pays for."""

    account: Account
    amount_micro_usd: int
    holds: tuple[Hold, ...] = ()
    most_tokens: int | None = None


class Purse(Protocol):
    """Pays for questions to models. Raises StorageTrouble."""

    async def hold(
        self, endpoint: ModelEndpoint, body: Mapping[str, JsonValue], most_tokens: int | None
    ) -> Held | Short:
        """Set aside what this question may cost; Short where a budget has no room for it.

        `most_tokens`: the longest answer that is asked for, None where the endpoint decides.
        """
        ...

    async def pay(
        self, endpoint: ModelEndpoint, held: Held, turn: Turn | None, *, refused: bool, size: int
    ) -> None:
        """Settle it by the tokens that were told, or as the `size` in bytes of the question says.

        Nothing was spent where it was `refused`.
        """
        ...


@dataclass(frozen=True)
class ProjectPurse:
    """Pays from the project's budgets. `request` is what the question belongs to; the person's is
    their key; `tokens_out` is how long an answer is reckoned with.
    """

    database: Database
    project: ProjectId
    request: str
    person: str
    clock: Clock
    tokens_out: int = TOKENS_OUT

    async def hold(
        self, endpoint: ModelEndpoint, body: Mapping[str, JsonValue], most_tokens: int | None
    ) -> Held | Short:
        """Set aside what this question may cost; Short where a budget has no room for it.

        `most_tokens`: the longest answer that is asked for, None where the endpoint decides.
        """
        # No token of any model is shorter than a byte, so this is rather too much.
        asked, longest, least = await asyncio.to_thread(
            _prices, endpoint, len(canonical_json(dict(body))), most_tokens or MOST_TOKENS,
            self.tokens_out,
        )  # fmt: skip
        account = Account(
            project=self.project,
            attempt=f"{self.request}/{planning.TASK}/{secrets.token_hex(6)}",
            run=self.request,
            task=planning.TASK,
            agent=endpoint.name,
            person=self.person,
        )
        async with self.database.transaction() as tx:
            promised = await planning.reserve(
                tx, account, rounded(least), rounded(longest), at=self.clock.now()
            )
        if isinstance(promised, Short):
            return promised
        paid = most_tokens
        if promised.holds and longest > asked:
            share = (promised.amount_micro_usd - asked) / (longest - asked)
            paid = int(share * (most_tokens or MOST_TOKENS))
        return Held(account, promised.amount_micro_usd, promised.holds, paid)

    async def pay(
        self, endpoint: ModelEndpoint, held: Held, turn: Turn | None, *, refused: bool, size: int
    ) -> None:
        """Settle it; unpriced where the price isn't known."""
        usage = Usage(requests=1)
        if not refused:
            usage = await asyncio.to_thread(_used, endpoint, turn, size)
        async with self.database.transaction() as tx:
            await planning.settle(
                tx, held.account, held.holds, usage,
                reserved_micro_usd=held.amount_micro_usd, at=self.clock.now(),
            )  # fmt: skip

    async def forecast(self, endpoint: ModelEndpoint) -> Forecast | None:
        """What planning will cost: the middle eight of ten of the newest requests here, or one draft
        of the usual length at the list price. None where that isn't known, or it is free.
        """
        async with self.database.reading() as connection:
            known = sorted(await planning.usual(connection, self.project, limit=REQUESTS))
        if len(known) >= ENOUGH:
            last = len(known) - 1
            return Forecast(known[round(0.1 * last)], known[round(0.9 * last)])
        one = await asyncio.to_thread(cost, endpoint, *USUAL_TOKENS)  # the list takes a second
        return Forecast(one // 2, one * 2) if one else None

    async def spent(self) -> Usage:
        """What planning the request used so far."""
        async with self.database.reading() as connection:
            return await planning.spent(connection, self.project, self.request)


def _prices(
    endpoint: ModelEndpoint, tokens_in: int, most: int, least: int
) -> tuple[Decimal, Decimal, Decimal]:
    """Micro-USD of the question alone, with its longest answer, and with one that will do."""
    asked, longest, enough = (
        reckoned(endpoint, tokens_in, tokens_out) for tokens_out in (0, most, min(most, least))
    )
    return asked, longest, enough


def _used(endpoint: ModelEndpoint, turn: Turn | None, size: int) -> Usage:
    """By the tokens that were told; by the bytes that went and came where they weren't."""
    turn = turn or Turn()
    told = turn.tokens_in is not None and turn.tokens_out is not None
    heard = len(turn.model_dump_json(exclude={"echo"}).encode()) if turn.text or turn.uses else 0
    tokens_in = size // BYTES_PER_TOKEN if turn.tokens_in is None else turn.tokens_in
    tokens_out = heard // BYTES_PER_TOKEN if turn.tokens_out is None else turn.tokens_out
    return Usage(
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        requests=1,
        cost_micro_usd=cost(endpoint, tokens_in, tokens_out),
        estimated=not told,
    )
