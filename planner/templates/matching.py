"""Which template a request means: the one it names, or the one whose phrase it asks for. Pure."""

import re
from dataclasses import dataclass

from planner.names import listed, nearest
from planner.offline.grammar.lexer import Kind
from planner.offline.grammar.verbs import LEAD, MAKE
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
    text: str, library: Library, names: frozenset[str] = frozenset()
) -> Match | NoSuch | None:
    """The template the words mean, if any. `names` are those of agents, in small letters."""
    named = _NAMED.search(text[:LOOKED_AT])
    if named:
        name = named["name"] or named["quoted"] or named["bare"]
        template = _called(name, library)
        if template is None:
            return NoSuch(no_such(name, library))
        words = Words(text, names)
        start = len(Words(text[: named.start()]).tokens)
        words.take(start, start + len(Words(named[0]).tokens))
        return Match(template, words, named=True)
    head = Words(text[:LOOKED_AT])
    found = [one for template in library.templates if (one := _asked_for(head, template))]
    if not found:
        return None
    template, start, end = max(found, key=lambda one: one[2] - one[1])
    words = Words(text, names)
    words.take(start, end)
    return Match(template, words, named=False)


def no_such(name: str, library: Library) -> str:
    """The sentence for a template that is not there."""
    names = [one.name for one in library.templates]
    near = nearest(name.replace(" ", "-"), names) or tuple(names)
    return f"There is no template {name.strip()}; there is {listed(near, word='and')}."


def likely(text: str, library: Library, *, limit: int = 2) -> tuple[Template, ...]:
    """Templates whose words the request shares, best first: material for a model's prompt."""
    named = match(text, library)
    first = (named.template,) if isinstance(named, Match) else ()
    wanted = set(plain(text).split())
    shared = [
        (max((_share(phrase, wanted) for phrase in (one.title, *one.phrases)), default=0.0), one)
        for one in library.templates
        if one not in first
    ]
    rest = [one for share, one in sorted(shared, key=lambda pair: -pair[0]) if share >= 1.0]
    return (*first, *rest)[:limit]


def _share(phrase: str, wanted: set[str]) -> float:
    words = plain(phrase).split()
    return sum(word in wanted or f"{word}s" in wanted for word in words) / len(words)


def _called(name: str, library: Library) -> Template | None:
    template = library.find(name)
    if template is not None:
        return template
    wanted = phrase_of(name)
    return next(
        (
            one
            for one in library.templates
            if any(
                Words(phrase).find(wanted) == 0 and phrase_of(phrase) == wanted
                for phrase in one.phrases
            )
        ),
        None,
    )


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
    if place >= len(words.tokens):
        return True
    token = words.tokens[place]
    cues = {cue for one in template.properties.values() for cue in one.after}
    if token.kind is not Kind.WORD or token.low in cues | SILENT | LEAD | {"without", "targeting"}:
        return True
    return words.is_order(place) or any(
        token.low == phrase_of(choice)[0]
        for one in template.properties.values()
        for choice in one.choices
    )


def _wish(words: Words, place: int) -> bool:
    """Whether the words before the phrase only say that one is wanted."""
    for token in words.tokens[:place]:
        if token.kind is Kind.WORD and token.low not in _BEFORE:
            return False
        if token.kind not in {Kind.WORD, Kind.NUMBER, Kind.MARK}:
            return False
    return True
