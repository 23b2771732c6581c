"""What the form of words tells beside their likeness: sums, texts to write, edits, the files' nouns.

Each adds to the logits of kinds of verbs, so that likeness still decides among the rest. Pure.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from memory.model.patterns import short
from planner.lexicon.orders import open_order
from planner.lexicon.words import word_set
from planner.understanding.lasting import is_kept, is_lasting
from planner.understanding.retrieval import Floats
from planner.understanding.spoken import AGENT, Spoken, spoken
from planner.understanding.things import folded, is_of_the_bot
from planner.understanding.utterance import Frame, Kind, Verb

PLAIN: Final = 6.0
"""What the form makes plain;"""
LIKELY: Final = 3.0
"""what it makes likely;"""
HINT: Final = 1.5
"""and what it only hints at."""
EDIT_WORDS: Final = 8
"""A bare phrase of up to so many words is said about the plan that waits."""

_PLANNED: Final = frozenset[Kind]({"work", "change", "answer"})
_TALKED: Final = frozenset[Kind]({"about", "teach", "social"})
_BOT: Final = frozenset({"you", "your", "yourself", AGENT})
_ASKING: Final = word_set(
    "who what which why how when where is are do does did can may will has have was should would",
    "any wer wie wann warum wieso wo welche welcher welches ist sind qui que quoi comment quand pourquoi où quel quelle quels",
    "quelles est combien quién qué cómo cuándo cuánto cuánta cuántos dónde cuál cuáles",
)

_PERCENT: Final = r"(?:%|percent|per cent|prozent|pour ?cent|por ciento)"
_BETWEEN: Final = (
    r"(?:plus|minus|times|divided by|multiplied by|mal|geteilt durch|fois|moins|divisé par|más|"
    r"menos|por|entre|dividido (?:por|entre))"
)
_SUM: Final = short(
    rf"\d\s*{_PERCENT}?\s*(?:[*/×÷^+]\s*\d|\s[-–]\s+\d|\s{_BETWEEN}\s+\d)"
    rf"|\d\s*{_PERCENT}.*\s[$€£]?\d|(?<![\w.])\d[\d.,]*\s.*\d\s*{_PERCENT}",
)
_TEXT: Final = (
    r"(?:guide|text|article|artikel|post|blog\w*|page|seite|poem|gedicht|poème|poema|essay|aufsatz|essai|"
    r"ensayo|report|bericht|rapport|informe|letter|brief|lettre|carta|e-?mail|mail|courriel|correo|memo|story|"
    r"geschichte|histoire|historia|cuento|speech|rede|discours|discurso|summary|zusammenfassung|résumé|resumen|"
    r"tutorial|manual|anleitung|handbuch|guía|artículo|texto|texte|página|haiku|song|lied|chanson|canción|joke|"
    r"witz|leaflet|flyer|brochure|broschüre|newsletter|pitch|proposal|vorschlag|press release|pressemitteilung|"
    r"review|rezension|script|skript|faq|whitepaper|paper|note to|description|beschreibung|description|"
    r"descripción|paragraph|absatz|paragraphe|párrafo|introduction|einleitung|dialogue|dialog|play|sketch|"
    r"announcement|ankündigung|annonce|anuncio|checklist|overview|überblick|slogan|tagline|tweet|thread)"
)
_WRITING: Final = re.compile(
    r"^(?:write|draft|compose|pen|author|create|prepare|schreibe?|verfasse|entwirf|formuliere|erstelle|écris|"
    r"rédige|compose|prépare|escribe|redacta|compón|prepara)\s+(?:me |us |mir |uns |moi |nous |up )?"
    r"(?:an?|another|some|one|two|\d+|ein\w*|une?|una|des|unos|unas)\s+(?:[\w-]+\s+){0,3}?" + _TEXT
    + r"(?:s|e|en|es)?\b"
)  # fmt: skip
_LISTING: Final = re.compile(
    r"^what(?:'s| is) in (?:this|the|my|our) (?:folder|directory)\b"
    r"|^(?:which|what|list|show)(?: me)?(?: all)?(?: what| which)?(?: the| our| my)? files?"
    r"(?: (?:are|do we have|we have|have we))?(?: (?:there|here))?\W*$"
)
_STEP: Final = r"(?:step|task|schritt|aufgabe|étape|tâche|paso|tarea)s?"
_ORDINAL: Final = (
    r"(?:first|second|third|fourth|fifth|last|next|\d(?:st|nd|rd|th)|(?:erst|zweit|dritt|viert|letzt)e[nr]?|premi[eè]re?|"
    r"deuxième|seconde?|troisième|derni[eè]re?|primer[oa]?|segund[oa]|tercer[oa]?|últim[oa])"
)
_OF_STEP: Final = re.compile(rf"\b{_STEP}\s+(?:#|no\.?\s*)?\d|\b{_ORDINAL}\s+{_STEP}\b")
_DECIDING: Final = re.compile(
    r"^(?:re-?run|run|approve|start|retry|re-?do|explain|show|pause|resume|cancel|repeat|only (?:run|approve))\b"
)
_CONTRAST: Final = re.compile(
    r"^(?:no|not|nicht|non|nein|pas|nope)\b[, ]+\S.*|,\s*(?:and |et |und |y )?(?:not|nicht|pas|no|non)\s+\S"
    r"|\b(?:instead|rather|statt|anstatt|stattdessen|lieber|plutôt|au lieu|à la place|en vez|en lugar|mejor|sino)\b"
)
_BARE: Final = re.compile(
    r"^(?:(?:and|und|et|y|but|or|hmm*)[, ]+)?(?:by|per|without|only|with|as|in|sorted|grouped|nur|ohne|mit|nach|als|"
    r"pro|je|sans|par|avec|seulement|sin|por|con|solo|sólo|minus|plus)\s+\S"
)
_ADDED: Final = re.compile(
    r"^(?:and|und|et|y)\s+\S+\s+\S|\b(?:also|as well|too|zusätzlich|außerdem|aussi|también)\b"
)

_ORGANISED: Final = re.compile(
    r"^(?:plan|organi[sz]e|plane|organisiere|planifie|organise|planea|planifica|organiza)\s+"
    r"(?:an?|the|our|my|this|next|eine?[nr]?|den|die|das|unsere?[nr]?|meine?[nr]?|une?|la|le|les|notre|ma|mon|el|los|las|nuestr[oa])\s+"
    r"(?P<what>\S.*)$"
)
"""An order to plan something: an event, a trip."""


_TO_SOMEBODY: Final = re.compile(
    r"^(?:<@[^>]+>|@\w[\w.-]*)[\s,:]+(?:did|do|does|is|are|was|were|has|have|had|will|any|what|when|where|who|why|how)\b"
)
"""A question to a person who is mentioned first."""

_WHO: Final = re.compile(
    r"^(?:who(?:'s| is| are| was)|wer (?:ist|sind|war)|qui (?:est|sont|était)|quién(?:es)? (?:es|son|era))\s+"
    r"(?:(?:the|this|that|our|my|der|die|das|unser\w*|le|la|les|notre|el|los|las|nuestr\w+)\s+)?(?P<who>[^\W\d_][\w'-]*(?:\s[^\W\d_][\w'-]*){0,2})\W*$"
)
_SOMEBODY_HERE: Final = word_set(
    "you he she it this that they here there in on at to behind allowed able admin admins boss chief owner responsible "
    "charge waiting working online free busy next best fastest cheapest good better du ihr sie hier dran da chef "
    "toi vous ici là tú usted ustedes aquí"
)
"""What is asked of those who work with the bot, and of nobody in a file."""

_NOTHING: Final = word_set(
    "no not non nope nein nicht pas doch lieber rather prefer plutôt finalement mejor instead better that this it das ça eso"
)
"""A contrast of nothing but these refuses, and changes nothing."""


def evidence(verbs: Sequence[Verb], said: Spoken, frame: Frame) -> Floats:
    """What is to be added to the logit of each verb."""
    more = dict.fromkeys((verb.kind for verb in verbs), 0.0)
    unplanned = frozenset(more) - _PLANNED
    of_files = is_of_files(said, frame)
    asked = next(iter(said.words), "") in _ASKING
    contrast = _CONTRAST.search(said.text) is not None
    told: tuple[tuple[bool, frozenset[Kind], float], ...] = (
        (_is_made(said.text), unplanned, -PLAIN),
        (open_order(said.text) != "" or is_of_somebody(said), unplanned, -LIKELY),
        (
            _TO_SOMEBODY.search(said.text) is not None and not of_files,
            frozenset({"social"}),
            LIKELY,
        ),
        (is_kept(said.text), frozenset({"forget"}), -PLAIN),
        (_is_organised(said.text), unplanned, -PLAIN),
        (not is_lasting(said.text), frozenset({"teach"}), -PLAIN),
        (
            "plan" in frame.scenes and is_edit(said),
            frozenset({"change"}),
            HINT if contrast else LIKELY,
        ),
        (of_files, unplanned if asked else _TALKED, -LIKELY),
    )
    for holds, kinds, by in told:
        if holds:
            _add(more, kinds, by)
    return np.array([more[verb.kind] for verb in verbs], np.float32)


def _is_made(text: str) -> bool:
    """Whether something is to be reckoned, written or listed."""
    return is_sum(text) or is_writing(text) or _LISTING.search(text) is not None


def is_question(text: str) -> bool:
    """Whether something is asked, by its first word or its mark."""
    said = spoken(text)
    return text.rstrip().endswith("?") or next(iter(said.words), "") in _ASKING


def may_be_of_files(text: str) -> bool:
    """Whether it can matter what the files are about: nothing of the bot's own is named."""
    words = spoken(text).words
    return len(words) > 1 and not _names_own(words)


def is_sum(text: str) -> bool:
    """Whether numbers are reckoned with: `12 * 9 plus 5%`."""
    return _SUM.search(text) is not None


def is_writing(text: str) -> bool:
    """Whether a text is ordered, whatever it is to be about."""
    return _WRITING.search(text) is not None


def is_of_files(said: Spoken, frame: Frame) -> bool:
    """Whether the words name what the files are about, and nothing of the bot's own."""
    return not _names_own(said.words) and any(folded(word) in frame.things for word in said.words)


def is_of_somebody(said: Spoken) -> bool:
    """Whether it's asked who somebody is, and not who does what for the bot."""
    found = _WHO.match(said.text)
    words = found["who"].split() if found else []
    return bool(words) and _SOMEBODY_HERE.isdisjoint(words) and not _names_own(said.words)


def _is_organised(text: str) -> bool:
    """Whether something is to be planned that is nothing of the bot's own."""
    found = _ORGANISED.match(text)
    return found is not None and not _names_own(spoken(found["what"]).words)


def _names_own(words: Sequence[str]) -> bool:
    return any(word in _BOT or is_of_the_bot(word) for word in words)


def is_edit(said: Spoken) -> bool:
    """Whether the words sound like an edit of a plan: a step, a contrast, a phrase without verb."""
    if next(iter(said.words), "") in _ASKING or _DECIDING.search(said.text):
        return False
    if _NOTHING.issuperset(said.words):
        return False
    if _OF_STEP.search(said.text) or _CONTRAST.search(said.text) or _ADDED.search(said.text):
        return True
    return _BARE.search(said.text) is not None and len(said.words) <= EDIT_WORDS


def _add(more: dict[Kind, float], kinds: frozenset[Kind], value: float) -> None:
    for kind in kinds & more.keys():
        more[kind] += value
