"""What tokens and tasks cost, in forecasts as in bills; by the price list of genai-prices (offline)."""

from decimal import ROUND_CEILING, Decimal
from typing import Final, Protocol

from memory.model.agents.endpoint import EmbeddingEndpoint, ModelEndpoint
from memory.model.agents.spec import AgentSpec
from memory.model.money import USD
from memory.model.work.run import Usage

UNKNOWN_PER_TOKEN: Final = (Decimal(5), Decimal(25))
"""Micro-USD in and out that budgets count where a model's price isn't known: a dear model's of 2026."""

UNKNOWN_EMBEDDED: Final = Decimal("0.2")
"""The same for a token that is embedded."""

UNKNOWN_TASK: Final = 500_000
"""Micro-USD that they count for a task of a program or service that doesn't tell what it cost."""


class Priced(Protocol):
    """What tokens are paid for at: an endpoint, or its row in the catalogue of agents."""

    @property
    def provider(self) -> str:
        """Whose it is in the price list; where the list doesn't know them, the model's name counts."""
        ...

    @property
    def price_model(self) -> str:
        """Its name in the price list; "" where nobody knows the price, "local" for what is free."""
        ...

    @property
    def local(self) -> bool:
        """Whether it runs on this machine."""
        ...


def price(endpoint: Priced, tokens_in: int, tokens_out: int) -> Decimal | None:
    """Micro-USD by the price list; 0 where calls are free, None where the price isn't known.

    A model on this machine whose price is listed costs what is listed: it may be a paid proxy.
    """
    if endpoint.price_model == "local":
        return Decimal(0)
    listed = _listed(endpoint.price_model, endpoint.provider, tokens_in, tokens_out)
    return Decimal(0) if listed is None and endpoint.local else listed


def cost(endpoint: Priced, tokens_in: int, tokens_out: int) -> int | None:
    """The same in whole micro-USD, rounded up."""
    exact = price(endpoint, tokens_in, tokens_out)
    return None if exact is None else rounded(exact)


def reckoned(endpoint: ModelEndpoint, tokens_in: int, tokens_out: int) -> Decimal:
    """The price, or the one that budgets count where it isn't known: unknown is not nothing."""
    known = price(endpoint, tokens_in, tokens_out)
    return _unknown(tokens_in, tokens_out) if known is None else known


def embedding(endpoint: EmbeddingEndpoint, tokens: int) -> int:
    """Micro-USD for so many tokens to embed, rounded up; where the price isn't known, a dear model's."""
    known = price(endpoint, tokens, 0)
    return rounded(UNKNOWN_EMBEDDED * tokens if known is None else known)


def of_task(spec: AgentSpec) -> int | None:
    """Micro-USD of a task of a program or service that doesn't tell what it cost; None: not known."""
    return 0 if spec.price_model == "local" else spec.task_micro_usd or None


def counted(usage: Usage, reserved_micro_usd: int) -> Usage:
    """What a budget counts for it: where the cost isn't known, what its tokens would cost at a dear
    model's price, and without tokens what was set aside; marked as estimated.
    """
    if usage.cost_micro_usd is not None:
        return usage
    tokens = rounded(_unknown(usage.tokens_in, usage.tokens_out))
    return usage.model_copy(
        update={"cost_micro_usd": tokens or reserved_micro_usd, "estimated": True}
    )


def _unknown(tokens_in: int, tokens_out: int) -> Decimal:
    per_in, per_out = UNKNOWN_PER_TOKEN
    return per_in * tokens_in + per_out * tokens_out


def rounded(exact: Decimal) -> int:
    """Whole micro-USD, rounded up."""
    return int(exact.to_integral_value(ROUND_CEILING))


def _listed(model: str, provider: str, tokens_in: int, tokens_out: int) -> Decimal | None:
    if not model:
        return None
    from genai_prices import Usage as Listed  # noqa: PLC0415 - see below
    from genai_prices import calc_price  # noqa: PLC0415 - loads 2,330 prices, in a second

    tokens = Listed(input_tokens=tokens_in, output_tokens=tokens_out)
    for provider_id in dict.fromkeys((provider or None, None)):
        try:
            found = calc_price(tokens, model_ref=model, provider_id=provider_id)
        except LookupError:
            continue
        return found.total_price * USD
    return None
