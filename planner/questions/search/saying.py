"""What was said, as the search looks at it: marks, what each may name, and cues. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from planner.questions.readers.state import Reading, Unclear
from planner.questions.semantics import row_noun, seen_in
from planner.questions.spec import Field
from planner.questions.words.lexicon import concept, families, plain, senses, word_set
from planner.questions.words.light import hints, is_light, together
from planner.questions.words.linking import Candidate, candidates
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.terms import Ref

NEAR = 4
"""How near a column is named to a number or a span of time."""
SPARE = 0.22
"""A word speaks for what it names with at least so much confidence."""
CLOSED = word_set(
    "who whom whose which what when where how many much long often old any anyone each every per by same both "
    "all only no not never without still yet first last most least top bottom best worst average total sum median "
    "share percent vs versus against between than more less over under since before after until list show name "
    "names tell give count number different unique and or with their its is are was were did do does has have had"
)
"""Words of the language itself: what is asked hangs on them, whatever the data are."""
_SILENT = frozenset("_,IwWaoBbEvdy")
_GRAMMAR = frozenset("IBaowXTLSHd!FpgvUDbyQPO")
"""Marks that say how something is asked, and name nothing unless they are a name as well."""
_BINDING = frozenset('XxON$"Vz')


@dataclass(frozen=True)
class Saying:
    """The words of a question read against the rows of one file."""

    words: str
    marks: tuple[Mark, ...]
    reading: Reading
    links: tuple[Mapping[Ref, float], ...] = field(repr=False)
    """For each mark, the columns it may name and how sure that is."""
    found: tuple[tuple[Candidate, ...], ...] = field(repr=False)

    @cached_property
    def cues(self) -> frozenset[str]:
        """What of the language itself stands in the words, and where."""
        return frozenset(_cues(self.words, self.marks))

    @cached_property
    def weights(self) -> Mapping[int, tuple[str, float]]:
        """For each mark that must not be lost without reason: its kind, and how much it matters."""
        found = {place: _weight(self, place, mark) for place, mark in enumerate(self.marks)}
        return {place: held for place, held in found.items() if held[1] > 0}

    @cached_property
    def binding(self) -> frozenset[int]:
        """The places of words that narrow what is asked: a reading without one of them is wrong."""
        return frozenset(p for p, mark in enumerate(self.marks) if mark.letter in _BINDING)

    def places(self, letters: str, carries: str = "") -> dict[int, float]:
        """Where marks of these letters stand."""
        return {
            place: 1.0
            for place, mark in enumerate(self.marks)
            if mark.letter in letters and (not carries or mark.carries == carries)
        }

    @cached_property
    def main_date(self) -> Field | None:
        """The date of a row; None where several may be meant."""
        try:
            return self.reading.date_field()
        except Unclear:
            return None

    @cached_property
    def _named(self) -> Mapping[Ref, Mapping[int, float]]:
        found: dict[Ref, dict[int, float]] = {}
        for place, links in enumerate(self.links):
            for ref, sure in links.items():
                found.setdefault(ref, {})[place] = sure
        return found

    def behind_by(self, words: Mapping[int, float]) -> bool:
        """Whether they stand behind a "per" or "each" without a function between: "per month and channel"."""
        first = min(words, default=0)
        before = "".join(mark.letter for mark in self.marks[:first])
        return not {"F", "T", "L", "!", ","} & {*before[before.rfind("B") :]} and "B" in before

    def of(self, ref: Ref) -> dict[int, float]:
        """Where the column is named, and how sure that is."""
        return dict(self._named.get(ref, {}))

    def near(self, ref: Ref, place: int) -> dict[int, float]:
        """Where the column is named near the place, and how sure that is."""
        return {at: sure for at, sure in self.of(ref).items() if abs(at - place) <= NEAR}

    @cached_property
    def money(self) -> Mapping[int, float]:
        """Where the words speak of money."""
        return {place: 0.8 for place, mark in enumerate(self.marks) if _is_money(mark)}

    @cached_property
    def rows(self) -> dict[int, float]:
        """Where the rows themselves are named."""
        kind = concept(row_noun(self.reading.base))
        said = {}
        for place, mark in enumerate(self.marks):
            own = mark.term.noun if mark.term is not None and mark.letter == "E" else None
            if own is not None and own.path == self.reading.base.path:
                said[place] = 1.0
            elif mark.letter in "~KCV" and kind and concept(plain(mark.words)) == kind:
                said[place] = 0.9
            for candidate in self.found[place]:
                other = candidate.term.noun
                if other is not None and other.path == self.reading.base.path:
                    said[place] = max(said.get(place, 0.0), candidate.confidence)
        return said

    def other_rows(self) -> Iterator[tuple[str, dict[int, float]]]:
        """The other files whose rows are named, and where."""
        named: dict[str, dict[int, float]] = {}
        for place, mark in enumerate(self.marks):
            own = mark.term.noun if mark.term is not None and mark.letter == "E" else None
            if own is not None and own.path != self.reading.base.path:
                named.setdefault(own.path, {})[place] = 1.0
            for candidate in self.found[place]:
                other = candidate.term.noun
                if other is not None and other.path != self.reading.base.path:
                    held = named.setdefault(other.path, {})
                    held[place] = max(held.get(place, 0.0), candidate.confidence)
        yield from named.items()

    def who(self) -> Iterator[tuple[str, dict[int, float]]]:
        """The other files whose rows are people, where "who" is asked; and any, where "what" is."""
        who = dict.fromkeys(self.places("W", "who"), 0.6)
        what = {place: 0.4 for place in self.places("W") if place not in who}
        for file in self.reading.files.reachable(self.reading.base.path, self.reading.links):
            asked = (
                who
                if any(holds_people(ref) for ref in self.reading.vocabulary.of_file(file.path))
                else what
            )
            if asked:
                yield file.path, asked

    def negated(self, words: Iterable[int]) -> dict[int, float]:
        """The signs of a negation that may be of the words at these places."""
        signs = {}
        for place, mark in enumerate(self.marks):
            near = [at - place for at in words]
            if mark.letter == "X" and any(0 < far <= 3 for far in near):
                signs[place] = 1.0
            if mark.letter == "x" and any(-3 <= far < 0 for far in near):
                signs[place] = 1.0
        return signs


def _is_money(mark: Mark) -> bool:
    if mark.letter == "K":
        paid = mark.carries in {"spend", "earn", "buy", "sell"}
        return paid or bool(_families(mark))
    return mark.letter == "A" or (mark.letter in "~C" and bool(_families(mark)))


def _families(mark: Mark) -> frozenset[str]:
    return frozenset(families(senses(mark.words)) & {"income", "outlay", "pay"})


def saying(words: str, marks: Sequence[Mark], reading: Reading) -> Saying:
    """The words with all that they may name."""
    found = tuple(_candidates(mark, reading) for mark in marks)
    links = tuple(_links(mark, held, reading) for mark, held in zip(marks, found, strict=True))
    return Saying(words, tuple(marks), reading, links, found)


def _candidates(mark: Mark, reading: Reading) -> tuple[Candidate, ...]:
    if mark.letter in '_,N$"' or (mark.letter in _GRAMMAR and not mark.also):
        return ()
    if mark.letter == "W" and mark.carries == "who":
        return _people(reading)
    said = (mark.words, *together(mark.words))
    return tuple(c for word in said for c in candidates(word, reading.vocabulary, reading.base))


def _people(reading: Reading) -> tuple[Candidate, ...]:
    found = candidates("person", reading.vocabulary, reading.base)
    named = [ref for ref in reading.vocabulary.refs if holds_people(ref)]
    return (*found, *(Candidate(ref.term, 0.6) for ref in named))


@lru_cache(maxsize=2_000)
def holds_people(ref: Ref) -> bool:
    """Whether its values look like names of people: two or three words with capitals, or first and
    last names.
    """
    if plain(ref.name) in _HALVES and not ref.column.numeric:
        return True
    seen = [value for value in seen_in(ref.column) if value.strip()][:40]
    return len(seen) > 2 and sum(bool(_PERSON.match(value)) for value in seen) >= 0.8 * len(seen)


_HALVES = frozenset(
    {"first name", "last name", "surname", "forename", "family name", "vorname", "nachname"}
)
_PERSON = re.compile(r"[A-ZÀ-Þ][\w'’-]+( [A-ZÀ-Þ]\.)? [A-ZÀ-Þ][\w'’-]+( [A-ZÀ-Þ][\w'’-]+)?$")


def _links(mark: Mark, held: Sequence[Candidate], reading: Reading) -> Mapping[Ref, float]:
    own = refs_of(mark) or (refs_of(mark.also) if mark.also is not None else ())
    found = {ref: 1.0 / max(1, len(own)) ** 0.5 for ref in own}
    for candidate in held:
        for ref in candidate.term.refs:
            found[ref] = max(found.get(ref, 0.0), candidate.confidence)
    for hinted in hints(mark.words):
        for ref in reading.own():
            if any(concept(word) == hinted for word in ref.words):
                found[ref] = max(found.get(ref, 0.0), 0.5)
    return {ref: sure for ref, sure in found.items() if sure >= SPARE}


def _weight(said: Saying, place: int, mark: Mark) -> tuple[str, float]:
    """What is lost where nothing speaks for the mark: its kind, and how much."""
    if mark.letter == "~":
        best = max(said.links[place].values(), default=0.0)
        named = max((c.confidence for c in said.found[place]), default=0.0)
        near = max(best, named)
        if near >= 0.5:
            return "linked", near
        if is_light(mark.words):
            return "light", 1.0
        return "unknown", 1.0
    if mark.letter in _SILENT:
        return f"silent {mark.letter}", 1.0 if mark.letter in "EWBby" else 0.0
    return f"mark {mark.letter}", 1.0


_WORD = re.compile(r"[a-z%']+", re.IGNORECASE)


def _cues(words: str, marks: Sequence[Mark]) -> Iterator[str]:
    said = [word.lower() for word in _WORD.findall(words)]
    yield "always"
    yield from (word for word in said if word in CLOSED)
    if any(word.endswith("n't") or word in _CONTRACTED for word in said):
        yield "not"
    yield f"begins {said[0]}" if said and said[0] in CLOSED else "begins otherwise"
    for first, second in pairwise(said):
        if first == "how":
            yield f"how {second}" if second in CLOSED else "how other"
    for mark in marks:
        if mark.letter in _TELLING:
            yield f"mark {mark.letter}"
        if mark.letter in "FTL" and mark.carries:
            yield f"{mark.letter} {mark.carries}"


_TELLING = frozenset("FTLHRpgvcfhmrkqQtPzZdSUDG!")
_CONTRACTED = word_set("havent hasnt didnt dont doesnt isnt arent wasnt werent hadnt cant wont")
