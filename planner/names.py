"""Names in people's words: compared without case, with the nearest ones for a slip. Pure."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from memory.model.agents.spec import AgentSpec
from memory.model.base import name_key

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def nearest(
    name: str, names: Iterable[str], *, limit: int = 3, alike: float = 0.5
) -> tuple[str, ...]:
    """The names most like this one, best first; `alike` is 0 (anything) to 1 (the same)."""
    by_key = {name_key(known): known for known in names}
    keys = get_close_matches(name_key(name), by_key, n=limit, cutoff=alike)
    return tuple(by_key[key] for key in keys)


def is_named(text: str, agent: AgentSpec) -> bool:
    """Whether the words name this agent."""
    return any(
        re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE)
        for name in (agent.name, agent.title, *agent.aliases)
        if name
    )


def slug(text: str, *, limit: int = 40) -> str:
    """Lower-case letters, digits and hyphens, for keys and file names; "result" for nothing."""
    plain = _NOT_WORD.sub("-", name_key(text)).strip("-")
    return plain[:limit].rstrip("-") or "result"


def listed(names: Iterable[str], *, word: str = "or") -> str:
    """`a, b or c`."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"
