"""The agents that words name: who is to work, and who is only written about. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from memory.model.agents.spec import INSTRUCTED, AgentSpec, Catalogue
from memory.model.base import AgentName, name_key
from planner.lexicon.names import AGENTS
from planner.lexicon.verbs import is_verb_form

_TOPIC: Final = re.compile(
    r"\b(?:about|on|of|regarding|concerning|versus|vs\.?|between|compare|comparing|comparison|like|"
    r"against|history|article|review of|named|called|mention(?:s|ing)?|is|are|was|than|does|did)\s+"
    r"(?:the\s+|how\s+|why\s+)?$",
    re.IGNORECASE,
)
"""What stands before the name of something that is written about."""
_HANDED: Final = re.compile(
    r"\b(?:have|let|get|ask|tell|with|using|use|by|via|through|for|to|from|both|give"
    r"|frage?|lass|bitte|sag|durch|mit)\s+(?:both\s+)?@?$",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(
    r"(?:^|[.;:,!?\n]\s*|\b(?:and|what|which|that|please)\s+)@?$", re.IGNORECASE
)
_IN_TURN: Final = re.compile(
    r"(?:\b(?:then|next|first|second|third|last|lastly|finally|afterwards|after that|again|zuerst|dann|danach)\s+|\()$",
    re.IGNORECASE,
)
"""What stands before the name of somebody whose turn it is."""
_TURNS: Final = re.compile(
    r"\s+(?:first|second|next|last|finally|again|once more|in turns?|together|each|both|alone"
    r"|(?:(?:for|does|do) )?the (?:\w+ )?(?:first|second|third|last|final|rest|other))\b|\s*\)",
    re.IGNORECASE,
)
"""What stands behind it."""
_AND: Final = r"\s*(?:,|and|or|&|plus|as well as)\s*(?:also\s+)?(?:both\s+)?"
_NOT: Final = re.compile(
    r"(?:\b(?:not|never|without|don['’]?t|avoid|instead of|rather than|except|but not|other than|"
    r"(?:any|some|every)(?:one|body)(?: else)? but|anything but)\b"
    r"(?:\s+(?:use|with|using|by|ask|let|have|give|it|to|the)\b)*\s*)$",
    re.IGNORECASE,
)


_SPELLED: Final = {name_key(name): name for name in AGENTS}


@dataclass(frozen=True)
class Named:
    """An agent as it was named, from `start` to `end` in the words.

    `spec` is None where it is not connected; `forbidden`: it must not do the work.
    """

    name: str
    spec: AgentSpec | None
    forbidden: bool
    start: int = 0
    end: int = 0


def handed_work(
    words: str, catalogue: Catalogue, others: Collection[str] = ()
) -> tuple[Named, ...]:
    """Each place where somebody is named who is to do work, or must not.

    `others` are names, in small letters, that mean no agent unless it is connected: of people, and
    in the data.
    """
    found = _handed_work(words, catalogue)
    return tuple(agent for agent in found if agent.spec or name_key(agent.name) not in others)


def _handed_work(words: str, catalogue: Catalogue) -> Iterator[Named]:
    before_end, handed, forbidden = 0, False, False
    names = names_of_agents(catalogue)
    more = re.compile(rf"(?:{_AND}(?:{names.pattern}))+", re.IGNORECASE)
    for match in names.finditer(words):
        joined = handed and re.fullmatch(_AND, words[before_end : match.start()], re.I) is not None
        forbidden = (joined and forbidden) or _NOT.search(words[: match.start()]) is not None
        handed = joined or forbidden or _is_handed(words, match, more)
        before_end = match.end()
        if handed:
            spec = catalogue.find(match[0])
            name = spec.title if spec else _SPELLED.get(name_key(match[0]), match[0])
            yield Named(name, spec, forbidden, *match.span())


def workers_in(
    words: str, catalogue: Catalogue, others: Collection[str] = ()
) -> tuple[tuple[int, int], ...]:
    """Where the agents are named that are to work, connected or not."""
    return tuple(
        (named.start, named.end)
        for named in handed_work(words, catalogue, others)
        if not named.forbidden
    )


def barred(handed: Sequence[Named]) -> tuple[AgentName, ...]:
    """The connected agents that are not to work, and are not named for any of it besides."""
    wanted = {named.spec.name for named in handed if named.spec and not named.forbidden}
    never = (named.spec.name for named in handed if named.spec and named.forbidden)
    return tuple(name for name in dict.fromkeys(never) if name not in wanted)


def each_once(handed: Iterable[Named]) -> tuple[Named, ...]:
    """Each of those agents where it is named first."""
    found: dict[str, Named] = {}
    for named in handed:
        found.setdefault(named.spec.name if named.spec else name_key(named.name), named)
    return tuple(found.values())


def names_of_agents(catalogue: Catalogue) -> re.Pattern[str]:
    """What finds the names of agents that are told in words, connected or not."""
    connected = [
        name
        for spec in catalogue.agents
        if spec.kind in INSTRUCTED
        for name in (spec.title, spec.name, *spec.aliases)
        if name
    ]
    names = sorted({*connected, *AGENTS}, key=len, reverse=True)
    return re.compile("|".join(map(_as_pattern, names)))


def _as_pattern(name: str) -> str:
    """The name in any case; a name of several words as it is written: "Claude code it" is an order."""
    any_case = "" if " " in name else "i"
    return rf"(?<![\w./-])(?{any_case}:{re.escape(name)})(?![\w/-]|\.\w)"


def _is_handed(words: str, match: "re.Match[str]", more: re.Pattern[str]) -> bool:
    """Whether the name is that of somebody who is to do something."""
    joined = more.match(words, match.end())
    before, after = words[: match.start()], words[joined.end() if joined else match.end() :]
    if _TOPIC.search(before):
        return False
    if _HANDED.search(before) or _IN_TURN.search(before):
        return True
    return bool(_BEGINS.search(before) and (_does(after) or _TURNS.match(after)))


def _does(after: str) -> bool:
    """Whether what follows says what somebody does: "Claude drafts it", "Gemini should …",
    or turns to them: "ChatGPT: …".
    """
    word = re.match(r"(?P<mark>[,:])?\s+(?P<word>\w+)", after)
    if word is None:
        return False
    return word["mark"] is not None or is_verb_form(word["word"].casefold())
