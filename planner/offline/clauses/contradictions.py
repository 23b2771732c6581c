"""Orders that cannot both be followed, and orders to leave something alone. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from memory.model.agents.spec import AgentKind, Catalogue
from planner.offline.grammar.refusal import CannotPlan

_FAMILIES: Final[Mapping[str, tuple[str, str]]] = {
    "publish": (r"publish\w*|release", r"publish\w*|release"),
    "save a file": (
        r"sav(?:e|ing)|stor(?:e|ing)|export\w*|writ(?:e|ing)\s+(?:(?:any|a|the|to)\s+)*(?:files?|disk)",
        r"sav(?:e|ing)|stor(?:e|ing)|export\w*",
    ),
    "write a report": (
        r"(?:writ|creat|mak)(?:e|ing)\s+(?:(?:any|a|the)\s+)*reports?",
        r"(?:write|create|make)\s+(?:(?:a|the|short|brief)\s+)*report",
    ),
    "draw a chart": (r"chart\w*|plot\w*|draw\w*|graph\w*", r"chart\w*|plot\w*|draw\w*|graph\w*"),
    "fetch from the web": (r"fetch\w*|download\w*", r"fetch\w*|download\w*"),
    "review": (r"review\w*|proofread\w*", r"review\w*|proofread\w*"),
    "ask anybody": (r"ask\w*", r"ask\w*"),
}
"""What can be forbidden: the words that forbid it, and those that order it."""

_OBJECT: Final = (
    r"(?:\s+(?:it|that|this|them|any|anything|anybody|anyone|anywhere|nothing|a|an|the|files?|charts?|"
    r"reports?|results?|text|article|post|to|disk|yet|now|at|all|people|pages?|from|web))*"
)
_NOT: Final = r"(?:do not|don't|dont|never|without|must not|should not|shouldn't|no need to)\s+"
_BOTH_WAYS: Final = re.compile(
    r"\bascending\b.{0,20}\b(?:and|,)\b.{0,20}\bdescending\b|\bdescending\b.{0,20}\band\b.{0,20}\bascending\b",
    re.IGNORECASE,
)
_MOST: Final = re.compile(
    r"\b(?:at most|no more than|under|max(?:imum)?(?: of)?|up to)\s+([\d,]+)\s+words", re.IGNORECASE
)
_LEAST: Final = re.compile(
    r"\b(?:at least|no less than|no fewer than|more than|over|min(?:imum)?(?: of)?)\s+([\d,]+)\s+words",
    re.IGNORECASE,
)


def settled(text: str, catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """The text without its orders to leave something alone, which are said as assumptions.

    Raises CannotPlan, in a sentence that names both, where two orders exclude each other.
    """
    plain = text.replace("’", "'")
    _check_lengths(plain)
    _check_agents(plain, catalogue)
    if _BOTH_WAYS.search(plain):
        raise CannotPlan("You want one list ascending and descending; say which, or ask for two.")
    said: list[str] = []
    for what, (verbs, orders) in _FAMILIES.items():
        forbids = re.compile(
            rf"[,;]?\s*(?:\b(?:and|but|please|then)\s+)*\b{_NOT}(?:{verbs}){_OBJECT}\s*(?=[,.;!\n]|\s(?:and|but)\s|$)",
            re.IGNORECASE,
        )
        found = forbids.search(plain)
        if found is None:
            continue
        rest = forbids.sub(" ", plain)
        if re.search(rf"(?<![\w/.-])(?:{orders})(?![\w/.-])", rest, re.IGNORECASE):
            raise CannotPlan(f"You say both to {what} and not to; say which of them you want.")
        plain = rest
        said.append(f"Left alone, as you said: “{found.group().strip(' ,;')}”.")
    return (plain if said else text), tuple(said)


def _check_lengths(text: str) -> None:
    most = [int(found.replace(",", "")) for found in _MOST.findall(text)]
    least = [int(found.replace(",", "")) for found in _LEAST.findall(text)]
    if most and least and min(most) < max(least):
        raise CannotPlan(
            f"At most {min(most)} and at least {max(least)} words cannot both be; say how long it "
            "should be."
        )


def _check_agents(text: str, catalogue: Catalogue) -> None:
    names = [
        re.escape(name)
        for one in catalogue.agents
        if one.kind is AgentKind.MODEL
        for name in (one.title, one.name, *one.aliases)
        if name
    ]
    if not names:
        return
    name = "|".join(sorted(names, key=len, reverse=True))
    found = re.search(
        rf"\b(?:with|using|by|via|have|let)\s+(?P<a>{name})\s+(?:and|as well as)\s+(?:with\s+|using\s+|by\s+)?"
        rf"(?P<b>{name})(?!\w)(?!\s+(?:for|to)\b)",
        text,
        re.IGNORECASE,
    )
    if found and found["a"].casefold() != found["b"].casefold():
        raise CannotPlan(
            f"You name {found['a']} and {found['b']} for one piece of work; say which of them does "
            "it, or what each of them does."
        )
