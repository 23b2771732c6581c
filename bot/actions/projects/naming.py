"""What a project may be called."""

import unicodedata
from typing import Final

from memory.model.errors import BadInput

MOST_CHARS: Final = 80
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Classes of characters that nobody sees: with them, two names may look the same."""
_PLACES: Final = ("slack-", "discord-", "console-", "web-", "prj_")
"""How the names of places begin: such a name would take the project of a channel to come."""


def project_name(said: str) -> str:
    """The name as it's stored. Raises BadInput with what a name may be."""
    name = " ".join(unicodedata.normalize("NFC", said).split())
    if not any(map(str.isalnum, name)):
        raise BadInput("A project's name needs a letter or a number in it.")
    if len(name) > MOST_CHARS:
        raise BadInput(
            "A project's name has at most {most} characters; this one has {count}.",
            most=MOST_CHARS,
            count=len(name),
        )
    if any(unicodedata.category(char) in _UNSEEN for char in name):
        raise BadInput("That name has characters in it that can't be seen; type it without them.")
    if name.casefold().startswith(_PLACES):
        raise BadInput(
            "Names that begin with {begin} are those of channels; use another one.",
            begin=", ".join(_PLACES),
        )
    return name
