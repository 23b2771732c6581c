"""Tokens to money, by the price list of genai-prices (offline)."""

from decimal import ROUND_CEILING

from executor.completions.reading import Heard
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.money import USD
from memory.model.work.run import Usage


def usage_of(endpoint: ModelEndpoint, heard: Heard) -> Usage:
    """What the call used; the cost is None where price or tokens are unknown, 0 on this machine."""
    return Usage(
        tokens_in=heard.tokens_in or 0,
        tokens_out=heard.tokens_out or 0,
        requests=1,
        cost_micro_usd=_cost(endpoint, heard.tokens_in, heard.tokens_out),
    )


def _cost(endpoint: ModelEndpoint, tokens_in: int | None, tokens_out: int | None) -> int | None:
    if endpoint.local or endpoint.price_model == "local":
        return 0
    if not endpoint.price_model or tokens_in is None or tokens_out is None:
        return None
    from genai_prices import Usage as Tokens  # noqa: PLC0415 - loads 2,330 prices
    from genai_prices import calc_price  # noqa: PLC0415 - see above

    try:
        price = calc_price(
            Tokens(input_tokens=tokens_in, output_tokens=tokens_out),
            model_ref=endpoint.price_model,
            provider_id=endpoint.provider or None,
        )
    except LookupError:
        return None
    return int((price.total_price * USD).to_integral_value(ROUND_CEILING))
