"""A model provider that bills: it writes as long as it is allowed to, and says what it charges."""

import json
from contextvars import ContextVar
from decimal import ROUND_CEILING
from random import Random
from typing import Any, Final

from aiohttp import web
from genai_prices import Usage, calc_price

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName
from tests.fakes.model import FakeModel, Fault, Reply, Text
from tests.fakes.model_wires import Seen

LIMITS: Final = ("max_tokens", "max_completion_tokens", "max_output_tokens")
UNLIMITED: Final = 200_000
"""What it writes where nobody limits it."""

_USED: Final[ContextVar[tuple[int, int]]] = ContextVar("used", default=(0, 0))


class PaidModel(FakeModel):
    """Bills each answer by the price list, and no error. `faults`: how many in a hundred fail."""

    def __init__(
        self, *, model: str = "gpt-4o-mini", seed: int = 0, faults: int = 0, **more: Any
    ) -> None:
        super().__init__(models=(model,), **more)
        self.model, self.faults, self.random = model, faults, Random(seed)
        self.bills: list[int] = []

    @property
    def usage(self) -> tuple[int, int]:
        """The tokens of the answer that is being given."""
        return _USED.get()

    @usage.setter
    def usage(self, _: tuple[int, int] | None) -> None:
        """What the base class would always tell."""

    @property
    def billed(self) -> int:
        """All that was charged so far, in micro-USD."""
        return sum(self.bills)

    def endpoint(self, name: str = "chatgpt", **more: Any) -> ModelEndpoint:
        """It as an agent of this name."""
        given = {
            "title": name, "provider": "openai", "base_url": self.base_url, "model": self.model,
            "price_model": self.model, "timeout_s": 20.0,
        }  # fmt: skip
        return ModelEndpoint.model_validate({"name": AgentName(name), **given, **more})

    async def _give(self, reply: Reply, seen: Seen, request: web.Request) -> web.StreamResponse:
        if self.random.randrange(100) < self.faults:
            return await super()._give(Fault(self.random.choice((429, 500, 503))), seen, request)
        if not isinstance(reply, Fault):
            # More tokens than bytes there are none; it counts nearly as many.
            tokens_in = len(json.dumps(seen.items, ensure_ascii=False).encode())
            asked = next((seen.body[name] for name in LIMITS if name in seen.body), UNLIMITED)
            _USED.set((tokens_in, asked))
            self.bills.append(_charge(self.model, tokens_in, asked))
        return await super()._give(reply, seen, request)


def _charge(model: str, tokens_in: int, tokens_out: int) -> int:
    used = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
    price = calc_price(used, model_ref=model, provider_id="openai").total_price
    return int((price * 1_000_000).to_integral_value(ROUND_CEILING))


FULL: Final = Text("a long answer")
CUT: Final = Text("a long answ", finish="length")
