"""Text without our secrets, whatever an agent, a program or a server did with them."""

from collections.abc import Iterable

from pydantic import SecretStr

HIDDEN = "•••"
SHORTEST = 4
"""Shorter values are part of ordinary words."""


def masked(text: str, secrets: Iterable[SecretStr]) -> str:
    """The text with each secret replaced; of a bearer token only the token itself counts."""
    for secret in secrets:
        value = secret.get_secret_value().removeprefix("Bearer ")
        if len(value) >= SHORTEST:
            text = text.replace(value, HIDDEN)
    return text
