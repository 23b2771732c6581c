"""Values that are ordinary words: "in rome", "titled …", "search for red shoes". Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from memory.model.agents.spec import AgentSpec, Parameter
from memory.model.patterns import short
from planner.catalogue.entities import Entity, Kind
from planner.catalogue.roles import Role, end_of
from planner.catalogue.segments import Segment
from planner.experience.actions import shipped_lexicon
from planner.experience.words import carries_meaning, split_names, stem
from planner.lexicon.names import LANGUAGES
from planner.lexicon.words import word_set

Phrase = tuple[int, int, str]
"""Where it stands, from and to, and the value."""

_LANGUAGE = re.compile(rf"\b(?:{'|'.join(sorted(LANGUAGES))})\b", re.IGNORECASE)
_CALLED = {
    "$": "USD", "dollar": "USD", "€": "EUR", "euro": "EUR", "£": "GBP", "pound": "GBP",
    "yen": "JPY", "yuan": "CNY", "franc": "CHF", "rupee": "INR",
}  # fmt: skip
_GOAL = re.compile(r"\b(?:to|into|in)\s+$", re.IGNORECASE)
_CURRENCY = re.compile(
    r"[$€£]|\b(?:dollars?|euros?|pounds?|yen|yuan|francs?|rupees?)\b|\b(?:USD|EUR|GBP|CHF|JPY|CNY|CAD|AUD|INR|SEK|NOK|DKK|PLN|CZK|BRL|MXN|KRW|ZAR|TRY|NZD|SGD|HKD)\b",
    re.IGNORECASE,
)
BODY = re.compile(
    r"(?:\b(?:saying|that says|which says|with the (?:text|message|body|content|comment|description)|"
    r"telling (?:them|him|her|us|everyone) (?:that )?)\b\s*:?\s*|\b(?:tell|let|inform|notify|remind|warn|"
    r"e-?mail|mail|message|text|write|ping|send)\b[^:]{0,200}?\bthat\s+|:\s+)(?P<value>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(
    r"\b(?:titled|entitled|called|named|with (?:the )?(?:title|subject|name)|subject)\b\s*:?\s*"
    r"(?P<value>.+?)(?=\s+(?:in|for|with|on|to|at|saying|and)\b|[,;:]|$)|\babout\s+(?P<about>.+?)(?=\s+(?:saying|that says|telling)\b|[,;:]|$)",
    re.IGNORECASE | re.DOTALL,
)
_QUERY = re.compile(
    r"\b(?:search(?:\s+\S+){0,3}?\s+for|look(?:ing)?\s+(?:\S+\s+){0,2}?for|find|about|matching|containing|"
    r"related to|regarding|look(?:ing)? up|on)\s+(?P<value>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|for|of|around|to)\s+(?:the\s+(?:city|town|country|region)\s+of\s+)?(?P<value>[^\W\d_][\w'’-]*(?:\s[^\W\d_][\w'’-]*)?)",
    re.IGNORECASE,
)
_TAIL = short(
    r"(?<![,\s])[,\s]++(?:(?:in|on|at|for|from|to|with|by|of|and|please|thanks|now|today)\s*)?$",
    re.IGNORECASE,
)
_YES = re.compile(r"\b(?:no|not|without|don't|never|excluding)\b", re.IGNORECASE)
_NO_PLACE = word_set(
    "me us it them the a an my our your this that these those all each every today tomorrow next last",
    "now how what which who when details information",
)


@dataclass(frozen=True)
class Slot:
    """A parameter that has no value yet, and what is known around it."""

    parameter: Parameter
    role: Role
    spec: AgentSpec
    segment: Segment
    taken: Sequence[tuple[int, int]]
    """Where values stand that are in use."""
    entities: Sequence[Entity]

    @property
    def own(self) -> frozenset[str]:
        """The words that the tool is described with, as stems."""
        words = split_names(f"{self.spec.name} {self.spec.description}")
        return frozenset(stem(word) for word in words)


def spoken(slot: Slot) -> Phrase | None:
    """The value in ordinary words; None where none is said for this parameter."""
    read = _READERS.get(slot.role)
    return read(slot) if read else None


def _language(slot: Slot) -> Phrase | None:
    return _at(slot.segment, _LANGUAGE.search(slot.segment.text))


def _currency(slot: Slot) -> Phrase | None:
    """The currency that is said; of two the one at the parameter's end of "from … to …"."""
    found = list(_CURRENCY.finditer(slot.segment.text))
    if not found:
        return None
    match = found[-1] if end_of(slot.parameter) == "to" else found[0]
    if (
        end_of(slot.parameter) == "to"
        and len(found) == 1
        and not _GOAL.search(slot.segment.text[: match.start()])
    ):
        return None
    start = slot.segment.start + match.start()
    said = match[0].casefold()
    return start, start + len(match[0]), _CALLED.get(said.rstrip("s"), match[0].upper())


def _body(slot: Slot) -> Phrase | None:
    return _cut(slot.segment, BODY.search(slot.segment.text), "value")


def _title(slot: Slot) -> Phrase | None:
    found = _TITLE.search(slot.segment.text)
    return _cut(slot.segment, found, "value") or _cut(slot.segment, found, "about")


def _where(slot: Slot) -> Phrase | None:
    return _named(slot) or _place(slot)


def _at(segment: Segment, match: "re.Match[str] | None") -> Phrase | None:
    if match is None:
        return None
    return segment.start + match.start(), segment.start + match.end(), match[0]


def _cut(segment: Segment, match: "re.Match[str] | None", group: str) -> Phrase | None:
    if match is None or not match[group]:
        return None
    value = match[group].strip(" \"'“”‘’.")
    start = segment.start + match.start(group)
    return (start, start + len(match[group]), value) if value else None


def _named(slot: Slot) -> Phrase | None:
    """The word after the parameter's name: "category electronics", "priority: high"."""
    name = r"[\s_-]+".join(map(re.escape, split_names(slot.parameter.name)))
    if not name:
        return None
    match = re.search(
        rf"\b{name}\s*(?::|=|is|of|being|to)?\s+(?P<value>[\w'’@#./-]*\w)",
        slot.segment.text,
        re.IGNORECASE,
    )
    if match is None or not carries_meaning(match["value"].casefold()):
        return None
    if shipped_lexicon().is_verb(match["value"].casefold()):
        return None
    return _cut(slot.segment, match, "value")


def _place(slot: Slot) -> Phrase | None:
    """ "in rome": a word after a preposition that isn't the tool's own, a day or a number."""
    for match in _PLACE.finditer(slot.segment.text):
        start = slot.segment.start + match.start("value")
        spans = [*slot.taken, *((entity.start, entity.end) for entity in slot.entities)]
        words = match["value"].split()
        if any(begun <= start < end for begun, end in spans) or not _telling(words[0], slot):
            continue
        value = " ".join(word for word in words if _telling(word, slot))
        return start, start + len(value), value
    return None


def _telling(word: str, slot: Slot) -> bool:
    low = word.casefold()
    return low not in _NO_PLACE and carries_meaning(low) and stem(low) not in slot.own


def _yes_no(slot: Slot) -> Phrase | None:
    """Whether what the parameter is called is asked for, or asked not to be."""
    telling = [
        word
        for word in split_names(slot.parameter.name)
        if word not in {"is", "include", "with", "show", "has", "enable", "use"}
    ]
    for match in re.finditer(r"[^\W\d_]+", slot.segment.text):
        if stem(match[0].casefold()) in {stem(word) for word in telling}:
            denied = _YES.search(slot.segment.text[max(0, match.start() - 20) : match.start()])
            start = slot.segment.start + match.start()
            return start, start + len(match[0]), "false" if denied else "true"
    return None


def _query(slot: Slot) -> Phrase | None:
    """What is looked for: what follows "search for", else the words that aren't the tool's own."""
    match = _QUERY.search(slot.segment.text)
    if match is None:
        return None
    start = match.start("value")
    value = slot.segment.text[start : _next_value(slot, start)]
    while (shorter := _TAIL.sub("", value)) != value:
        value = shorter
    kept = re.sub(r"^(?:the|a|an|any|all|some|me|us)\s+", "", value.strip(), flags=re.IGNORECASE)
    own = {stem(word) for word in split_names(str(slot.spec.name))}
    telling = [
        word for word in split_names(kept) if stem(word) not in own and carries_meaning(word)
    ]
    begin = slot.segment.start + start + slot.segment.text[start:].find(kept)
    return (begin, begin + len(kept), kept.strip(" .?!")) if telling else None


def _next_value(slot: Slot, start: int) -> int:
    """Where in its part the first value or time behind the place begins."""
    times = (entity.start for entity in slot.entities if entity.kind in {Kind.DATE, Kind.TIME})
    begun = (at - slot.segment.start for at in (*(begun for begun, _ in slot.taken), *times))
    return min((at for at in begun if at > start), default=len(slot.segment.text))


_READERS: Mapping[Role, Callable[[Slot], Phrase | None]] = {
    Role.LANGUAGE: _language,
    Role.CURRENCY: _currency,
    Role.YES_NO: _yes_no,
    Role.BODY: _body,
    Role.TITLE: _title,
    Role.PLACE: _where,
    Role.QUERY: _query,
    Role.TEXT: _named,
    Role.ID: _named,
    Role.RECIPIENT: _named,
    Role.CHANNEL: _named,
}
