"""Which template a request means: the one it names, or the one whose phrase it asks for. Pure."""

import re
from dataclasses import dataclass

from memory.model.text import text
from planner.lexicon.tokens import Kind
from planner.lexicon.verbs import LEAD, MAKE
from planner.names import listed, nearest
from planner.template import Library, Template, plain
from planner.templates.words import SILENT, Words, phrase_of

_NAMED = re.compile(
    r"\b(?:use|using|apply|take|run|start|follow|with|from|by|fill)\s+(?:in\s+)?(?:the|our|my)?\s*"
    r"[“\"`'‘]?(?P<name>[\w][\w -]{0,60}?)[”\"`'’]?\s+template\b"
    r"|\btemplate\s+(?:called\s+|named\s+)?[“\"`'‘](?P<quoted>[^”\"`'’\n]{1,60})[”\"`'’]"
    r"|^(?:use\s+|run\s+)?template\s+(?P<bare>[\w-]+)",
    re.IGNORECASE,
)
_BEFORE = SILENT | LEAD | MAKE | frozenset({
    "draft", "plan", "develop", "design", "launch", "organise", "organize", "long", "small", "big",
    "research", "words", "word", "simple", "brief", "detailed", "nice", "great", "short", "little",
})  # fmt: skip
"""What may stand before the phrase: a wish to have one made, and nothing that narrows it."""

_AFTER = SILENT | LEAD | {"without", "targeting"}

LOOKED_AT = 600
"""A template is asked for in the first words of a request, or not at all. In characters."""


@dataclass(frozen=True)
class Match:
    """The template, and the request's words without those that named it."""

    template: Template
    words: Words
    named: bool
    """Whether it was asked for by name; else its phrase fits."""


@dataclass(frozen=True)
class NoSuch:
    """A template was asked for that is not there; `text` is for people."""

    text: str


def match(
    request: str, library: Library, names: frozenset[str] = frozenset()
) -> Match | NoSuch | None:
    """The template the words mean, if any. `names` are those of agents, in small letters."""
    named = _NAMED.search(request[:LOOKED_AT])
    if named:
        name = named["name"] or named["quoted"] or named["bare"]
        template = _called(name, library)
        if template is None:
            return NoSuch(no_such(name, library))
        words = Words(request, names)
        start = len(Words(request[: named.start()]).tokens)
        words.take(start, start + len(Words(named[0]).tokens))
        return Match(template, words, named=True)
    head = Words(request[:LOOKED_AT])
    asked = [place for template in library.templates if (place := _asked_for(head, template))]
    if not asked:
        return None
    template, start, end = max(asked, key=lambda place: place[2] - place[1])
    words = Words(request, names)
    words.take(start, end)
    return Match(template, words, named=False)


def no_such(name: str, library: Library) -> str:
    """The sentence for a template that is not there."""
    names = [template.name for template in library.templates]
    near = nearest(name.replace(" ", "-"), names) or names
    return text(
        "There's no template {name}; there is {others}.",
        name=name.strip(),
        others=listed(near, word="and"),
    )


def likely(request: str, library: Library, *, limit: int = 2) -> tuple[Template, ...]:
    """Templates whose words the request shares, best first: material for a model's prompt."""
    named = match(request, library)
    first = (named.template,) if isinstance(named, Match) else ()
    wanted = set(plain(request).split())
    rest = [
        template
        for template in library.templates
        if template not in first
        and any(_shared(phrase, wanted) for phrase in (template.title, *template.phrases))
    ]
    return (*first, *rest)[:limit]


def _shared(phrase: str, wanted: set[str]) -> bool:
    return all(word in wanted or f"{word}s" in wanted for word in plain(phrase).split())


def _called(name: str, library: Library) -> Template | None:
    template = library.find(name)
    if template is not None:
        return template
    wanted = phrase_of(name)
    for other in library.templates:
        if any(
            Words(phrase).is_at(wanted, 0) and phrase_of(phrase) == wanted
            for phrase in other.phrases
        ):
            return other
    return None


def _asked_for(words: Words, template: Template) -> tuple[Template, int, int] | None:
    """The template with the place of its longest phrase, where the words ask for it."""
    best: tuple[int, int] | None = None
    for phrase in (template.title, *template.phrases):
        wanted = phrase_of(phrase)
        place = words.find(wanted)
        if place < 0 or not _wish(words, place) or not _ends(words, place + len(wanted), template):
            continue
        if best is None or len(wanted) > best[1] - best[0]:
            best = (place, place + len(wanted))
    return None if best is None else (template, *best)


def _ends(words: Words, place: int, template: Template) -> bool:
    """Whether the phrase ends there: a "blog post comparison" is no blog post."""
    if place >= len(words.tokens) or words.tokens[place].kind is not Kind.WORD:
        return True
    low = words.low(place)
    parameters = template.properties.values()
    cues = {cue for parameter in parameters for cue in parameter.after}
    choices = {phrase_of(choice)[0] for parameter in parameters for choice in parameter.choices}
    return low in cues | choices | _AFTER or words.is_order(place)


def _wish(words: Words, place: int) -> bool:
    """Whether the words before the phrase only say that one is wanted."""
    return all(
        token.low in _BEFORE if token.kind is Kind.WORD else token.kind in {Kind.NUMBER, Kind.MARK}
        for token in words.tokens[:place]
    )
