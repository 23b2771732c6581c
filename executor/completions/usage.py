"""What a call used: as it was told, or reckoned from what came."""

from executor.completions.reading import Heard
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.prices import cost
from memory.model.work.run import Usage

BYTES_PER_TOKEN = 3
"""Few, so that what is reckoned is rather too much: English has 4, code and other scripts 3."""


def usage_of(endpoint: ModelEndpoint, heard: Heard, *, bytes_in: int) -> Usage:
    """What the call used; the cost is None where the price is unknown.

    Tokens that weren't told are reckoned from the bytes that were sent and heard.
    """
    if heard.tokens_in is not None and heard.tokens_out is not None:
        return _usage(endpoint, heard.tokens_in, heard.tokens_out)
    bytes_out = len(heard.text.encode()) + len(heard.refusal.encode())
    return estimated(endpoint, bytes_in, bytes_out, told_in=heard.tokens_in)


def estimated(
    endpoint: ModelEndpoint, bytes_in: int, bytes_out: int, *, told_in: int | None = None
) -> Usage:
    """What a call used of which only the bytes are known."""
    tokens_in = -(-bytes_in // BYTES_PER_TOKEN) if told_in is None else told_in
    usage = _usage(endpoint, tokens_in, -(-bytes_out // BYTES_PER_TOKEN))
    return usage.model_copy(update={"estimated": True})


def _usage(endpoint: ModelEndpoint, tokens_in: int, tokens_out: int) -> Usage:
    return Usage(
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        requests=1,
        cost_micro_usd=cost(endpoint, tokens_in, tokens_out),
    )
