"""What planning's own questions to models cost: each is reserved before and settled after."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from pydantic import JsonValue

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import ProjectId, canonical_json
from memory.model.timing.clock import Clock
from memory.model.wires.turns import Turn
from memory.model.work.run import Usage
from memory.store.engine.database import Database
from memory.store.money import planning
from memory.store.money.budgets import Hold, Short
from memory.store.money.ledger import Account
from planner.estimate import token_price

CHARS_PER_TOKEN = 3
"""Few, so that what is set aside is rather too much: English has 4, code and other scripts 3."""

TOKENS_OUT = 4_000
"""A draft of twenty tasks, with some thinking."""


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
    """What is set aside for one question."""

    account: Account
    amount_micro_usd: int
    holds: tuple[Hold, ...] = ()


class Purse(Protocol):
    """Pays for questions to models. Raises StorageTrouble."""

    async def hold(self, endpoint: ModelEndpoint, body: Mapping[str, JsonValue]) -> Held | Short:
        """Set aside what this question may cost; Short where a budget has no room for it."""
        ...

    async def pay(
        self, endpoint: ModelEndpoint, held: Held, turn: Turn | None, *, refused: bool
    ) -> None:
        """Settle it by the tokens that were told.

        Nothing was spent where it was `refused`; how much isn't known where no turn came.
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

    async def hold(self, endpoint: ModelEndpoint, body: Mapping[str, JsonValue]) -> Held | Short:
        """Set aside what this question may cost; Short where a budget has no room for it."""
        tokens_in = len(canonical_json(dict(body))) // CHARS_PER_TOKEN
        amount = await _price(endpoint, tokens_in, self.tokens_out) or 0
        account = Account(
            project=self.project,
            attempt=f"{self.request}/{planning.TASK}/{secrets.token_hex(6)}",
            run=self.request,
            task=planning.TASK,
            agent=endpoint.name,
            person=self.person,
        )
        async with self.database.transaction() as tx:
            promised = await planning.reserve(tx, account, amount, at=self.clock.now())
        return promised if isinstance(promised, Short) else Held(account, amount, promised.holds)

    async def pay(
        self, endpoint: ModelEndpoint, held: Held, turn: Turn | None, *, refused: bool
    ) -> None:
        """Settle it; unpriced where the tokens weren't told, or have no price."""
        usage = Usage(requests=1, cost_micro_usd=0 if refused else None)
        if turn is not None:
            tokens_in, tokens_out = turn.tokens_in or 0, turn.tokens_out or 0
            told = turn.tokens_in is not None and turn.tokens_out is not None
            cost = (
                await _price(endpoint, tokens_in, tokens_out) if told or _free(endpoint) else None
            )
            usage = Usage(
                tokens_in=tokens_in, tokens_out=tokens_out, requests=1, cost_micro_usd=cost
            )
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
        one = await _price(endpoint, *USUAL_TOKENS)
        return Forecast(one // 2, one * 2) if one else None

    async def spent(self) -> Usage:
        """What planning the request used so far."""
        async with self.database.reading() as connection:
            return await planning.spent(connection, self.project, self.request)


def _free(endpoint: ModelEndpoint) -> bool:
    return endpoint.local or endpoint.price_model == "local"


async def _price(endpoint: ModelEndpoint, tokens_in: int, tokens_out: int) -> int | None:
    if endpoint.local:
        return 0
    # The list takes a second to load, once.
    return await asyncio.to_thread(
        token_price, endpoint.price_model, endpoint.provider, tokens_in, tokens_out
    )
