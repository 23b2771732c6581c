"""Orders that cannot both be followed, and orders to leave something alone. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from memory.model.agents.spec import AgentKind, Catalogue
from memory.model.text import text
from planner.draft import CannotPlan

_FAMILIES: Final[Mapping[str, str]] = {
    "publish": r"publish\w*|release",
    "save a file": r"sav(?:e|ing)|stor(?:e|ing)|export\w*|writ(?:e|ing)\s+(?:(?:any|a|the|to)\s+)*(?:files?|disk)",
    "write a report": r"(?:writ|creat|mak)(?:e|ing)\s+(?:(?:any|a|the|short|brief)\s+)*reports?",
    "draw a chart": r"chart\w*|plot\w*|draw\w*|graph\w*",
    "fetch from the web": r"fetch\w*|download\w*",
    "review": r"review\w*|proofread\w*",
    "ask anybody": r"ask\w*",
}
"""What can be ordered or forbidden, and the words for it."""

_OBJECT: Final = (
    r"(?:\s+(?:it|that|this|them|any|anything|anybody|anyone|anywhere|nothing|a|an|the|files?|charts?|"
    r"reports?|results?|text|article|post|to|disk|yet|now|at|all|people|pages?|from|web))*"
)
_NOT: Final = r"(?:do not|don't|dont|never|without|must not|should not|shouldn't|no need to)\s+"
_MOST: Final = re.compile(
    r"\b(?:at most|no more than|under|max(?:imum)?(?: of)?|up to)\s+([\d,]+)\s+words", re.IGNORECASE
)
_LEAST: Final = re.compile(
    r"\b(?:at least|no less than|no fewer than|more than|over|min(?:imum)?(?: of)?)\s+([\d,]+)\s+words",
    re.IGNORECASE,
)


_ALONE: Final = re.compile(
    r"(?:[,;.]|(?<!\s))\s*+(?:\b(?:and|but|please)\s+){0,3}(?P<order>leave\s+(?:the\s+)?[\w./-]+\s+"
    r"(?:as (?:it|they) (?:is|are)|as is|alone|untouched|unchanged)"
    r"|(?:do not|don't|never)\s+(?:touch|change|modify|edit|delete|overwrite)\s+(?:the\s+)?[\w./-]+"
    r"|(?:delete|overwrite|change|send|publish|post|e?mail)\s+nothing(?:\s+else)?)\b(?=\s*(?:[,.;:!\n]|and|but|$)):?",
    re.IGNORECASE,
)
"""Orders to leave things as they are, which every plan here does with what it doesn't name."""


def left_alone(words: str) -> tuple[str, ...]:
    """The orders to leave something as it is: whoever writes has to be told of them."""
    return tuple(match["order"].strip() for match in _ALONE.finditer(words.replace("’", "'")))


def settled(words: str, catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """The text without its orders to leave something alone, which are said as assumptions.

    Raises CannotPlan, in a sentence that names both, where two orders exclude each other.
    """
    plain = words.replace("’", "'")
    _check_lengths(plain)
    _check_agents(plain, catalogue)
    kept: list[str] = []
    for what, verbs in _FAMILIES.items():
        forbids = re.compile(
            rf"(?:[,;]|(?<!\s))\s*+(?:\b(?:and|but|please|then)\s+){{0,3}}\b{_NOT}(?:{verbs}){_OBJECT}\s*(?=[,.;!\n]|\s(?:and|but)\s|$)",
            re.IGNORECASE,
        )
        forbidden = forbids.search(plain)
        if forbidden is None:
            continue
        plain = forbids.sub(" ", plain)
        if re.search(rf"(?<![\w/.-])(?:{verbs})(?![\w/.-])", plain, re.IGNORECASE):
            raise CannotPlan("You ask me both to {do} and not to. Which do you want?", do=what)
        kept.append(_heeded(forbidden[0]))
    kept += map(_heeded, left_alone(plain))
    plain = _ALONE.sub(" ", plain).strip(" ,;:")
    return (plain if kept else words), tuple(kept)


def _heeded(order: str) -> str:
    return text("Left out, as you asked: “{words}”.", words=order.strip(" ,;."))


def _check_lengths(words: str) -> None:
    most = [int(number.replace(",", "")) for number in _MOST.findall(words)]
    least = [int(number.replace(",", "")) for number in _LEAST.findall(words)]
    if most and least and min(most) < max(least):
        raise CannotPlan(
                "It can't have at most {most} and at least {least} words. How long should it be?",
                most=min(most), least=max(least),
            )  # fmt: skip


def _check_agents(words: str, catalogue: Catalogue) -> None:
    names = [
        re.escape(name)
        for agent in catalogue.agents
        if agent.kind is AgentKind.MODEL
        for name in (agent.title, agent.name, *agent.aliases)
        if name
    ]
    name = "|".join(sorted(names, key=len, reverse=True))
    both = re.search(
        rf"\b(?:with|using|by|via|have|let)\s+(?P<a>{name})\s+(?:and|as well as)\s+(?:with\s+|using\s+|by\s+)?"
        rf"(?P<b>{name})(?!\w)(?!\s+(?:for|to)\b)",
        words,
        re.IGNORECASE,
    ) if names else None  # fmt: skip
    if both and both["a"].casefold() != both["b"].casefold():
        raise CannotPlan(
                "You name {first} and {second} for the same work. Say which of them does it, or "
                "what each of them does.",
                first=both["a"], second=both["b"],
            )  # fmt: skip
