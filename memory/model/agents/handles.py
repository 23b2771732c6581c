"""Secret handles: `secret:stripe` stands for a secret of the project wherever words are kept. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from memory.model.errors import BadInput

_NAME: Final = r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?"
HANDLE: Final = re.compile(rf"\bsecret:({_NAME})(?![\w-])", re.IGNORECASE)
LEAST_CHARS, MOST_CHARS = 8, 8_000
"""A shorter secret couldn't be told from ordinary words, a longer one is a file."""


def handle(name: str) -> str:
    """How the secret of this name is written."""
    return f"secret:{name}"


def names_in(text: str) -> tuple[str, ...]:
    """The names of the secrets that the text stands for, each once."""
    return tuple(dict.fromkeys(found.casefold() for found in HANDLE.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the secrets' values in the place of their handles."""
    return HANDLE.sub(lambda found: values[found[1].casefold()], text)


def name_of(said: str) -> str:
    """The name, however it was said. Raises BadInput where it can't be one."""
    name = said.strip().casefold().removeprefix("secret:")
    if re.fullmatch(_NAME, name) is None:
        raise BadInput(
            "A secret's name is up to 40 letters, digits, - and _, such as stripe or github-bot."
        )
    return name


def require_value(value: str) -> str:
    """The value without blanks around it. Raises BadInput for what can't be kept as a secret."""
    bare = value.strip()
    if not LEAST_CHARS <= len(bare) <= MOST_CHARS:
        raise BadInput(
            "A secret has {least} to {most:,} characters.", least=LEAST_CHARS, most=MOST_CHARS
        )
    return bare
