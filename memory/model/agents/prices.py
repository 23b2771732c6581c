"""What tokens cost, by the price list of genai-prices (offline)."""

from decimal import ROUND_CEILING, Decimal

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.money import USD


def price(endpoint: ModelEndpoint, tokens_in: int, tokens_out: int) -> Decimal | None:
    """Micro-USD by the price list; 0 where calls are free, None where the price isn't known.

    A model on this machine whose price is listed costs what is listed: it may be a paid proxy.
    """
    if endpoint.price_model == "local":
        return Decimal(0)
    listed = _listed(endpoint.price_model, endpoint.provider, tokens_in, tokens_out)
    return Decimal(0) if listed is None and endpoint.local else listed


def cost(endpoint: ModelEndpoint, tokens_in: int, tokens_out: int) -> int | None:
    """The same in whole micro-USD, rounded up."""
    exact = price(endpoint, tokens_in, tokens_out)
    return None if exact is None else rounded(exact)


def rounded(exact: Decimal) -> int:
    """Whole micro-USD, rounded up."""
    return int(exact.to_integral_value(ROUND_CEILING))


def _listed(model: str, provider: str, tokens_in: int, tokens_out: int) -> Decimal | None:
    if not model:
        return None
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - loads 2,330 prices, in a second

    try:
        found = calc_price(
            Usage(input_tokens=tokens_in, output_tokens=tokens_out),
            model_ref=model,
            provider_id=provider or None,
        )
    except LookupError:
        return None
    return found.total_price * USD
