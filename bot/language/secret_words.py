"""Words about secrets: keeping one by its name, listing them, forgetting one. Pure."""

import re
from typing import Final

from bot.language.intents import ForgetSecret
from memory.privacy.redaction import Found

_NAMED: Final = re.compile(
    r"^(?:please\s+)?(?:keep|store|save|set)\s+secret:(?P<name>[\w-]{1,40})"
    r"\s*(?:=|:|\bis\b|\bas\b|\bto\b)?\s+(?P<value>\S{8,})$",
    re.IGNORECASE,
)
"""The value is one word, and the name a handle, so that no sentence is taken for it."""

_HANDLE: Final = re.compile(r"\bsecret:([\w-]{1,40})", re.IGNORECASE)
_FORGET: Final = re.compile(
    r"^(?:please\s+)?(?:forget|delete|remove|drop)\s+(?:the\s+)?secret(?::|\s+)(?P<name>[\w-]{1,40})[.!]?$",
    re.IGNORECASE,
)
_GENERIC: Final = frozenset({"key", "token", "secret", "value", "of", "a", "an", "the", "or"})


def stated(text: str) -> Found | None:
    """The value of `keep secret:NAME = VALUE`, whatever it looks like; None for other words."""
    found = _NAMED.match(text.strip())
    return None if found is None else Found(found["name"], found["value"])


def wanted_name(text: str) -> str:
    """The name that the words give a secret by its handle, "" for none."""
    found = _HANDLE.search(text)
    return "" if found is None else found[1]


def usual_name(kind: str) -> str:
    """What to call a secret of this kind where nobody named it: "Stripe key" is stripe."""
    words = re.findall(r"[a-z0-9]+", kind.partition(",")[0].casefold())
    telling = [word for word in words if word not in _GENERIC] or words
    return "-".join(telling[:3])[:36].strip("-") or "secret"


def about_secrets(text: str) -> ForgetSecret | None:
    """The order to forget one, else None."""
    found = _FORGET.match(text.strip())
    return None if found is None else ForgetSecret(name=found["name"])
