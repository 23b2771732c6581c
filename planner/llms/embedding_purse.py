"""What embedding for a project costs: reserved before and settled after, like planning's questions."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from memory.model.agents.prices import embedding as price
from memory.model.base import ProjectId
from memory.model.timing.clock import Clock
from memory.model.work.run import Usage
from memory.recall.port import Embedder, NotPaid, Vector, embed_free
from memory.store.engine.database import Database
from memory.store.money import planning
from memory.store.money.ledger import Account
from memory.store.money.verdicts import Promised, Short
from planner.llms.embedding import ProviderEmbedder, Tally, most_tokens


@dataclass(frozen=True)
class EmbeddingPurse:
    """Pays from the project's budgets, under the name of the model. What is free isn't booked."""

    database: Database
    clock: Clock

    async def embed(
        self, embedder: Embedder, project: ProjectId, texts: Sequence[str]
    ) -> list[Vector]:
        """One vector per text. Raises IndexTrouble, StorageTrouble, and NotPaid without a call."""
        if not isinstance(embedder, ProviderEmbedder):
            return await embed_free(embedder, project, texts)
        endpoint, tally = embedder.endpoint, Tally()
        # The price list takes a second to load.
        most = await asyncio.to_thread(price, endpoint, most_tokens(texts))
        if not most:
            return await embed_free(embedder, project, texts)
        account = Account(
            project=project,
            attempt=f"{planning.SEARCH}/{secrets.token_hex(12)}",
            run="",
            task=planning.SEARCH,
            agent=endpoint.model,
            person="",
        )
        held = await self._hold(account, most)
        try:
            return await asyncio.to_thread(embedder.counted, texts, tally)
        finally:
            await asyncio.shield(self._pay(account, held, embedder, tally))

    async def _hold(self, account: Account, most: int) -> Promised:
        async with self.database.transaction() as tx:
            held = await planning.reserve(tx, account, most, most, at=self.clock.now())
        if isinstance(held, Short):
            raise NotPaid("{reason}", reason=held.text)
        return held

    async def _pay(
        self, account: Account, held: Promised, embedder: ProviderEmbedder, tally: Tally
    ) -> None:
        usage = Usage(
            tokens_in=tally.tokens,
            requests=tally.requests,
            cost_micro_usd=price(embedder.endpoint, tally.tokens),
            estimated=tally.estimated,
        )
        async with self.database.transaction() as tx:
            await planning.settle(
                tx, account, held.holds, usage,
                reserved_micro_usd=held.amount_micro_usd, at=self.clock.now(),
            )  # fmt: skip
