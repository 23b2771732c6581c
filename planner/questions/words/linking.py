"""What a word of a question may name in the files, with how sure that is. Pure.

Each kind of evidence says how sure it is by itself: the same concept in any language, another form
of the word, a part of a value, a slip in the spelling, a near meaning. The numbers are shares of
links that were right on pairs of words and columns made for the purpose.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from memory.model.work.value import FileInfo
from planner.questions.kept import kept
from planner.questions.semantics import MEASURES, Role, row_noun, seen_in
from planner.questions.words.lexicon import (
    SMALL,
    coded,
    families,
    folded,
    plain,
    senses,
    singular,
    stem,
    word_set,
)
from planner.questions.words.light import is_light
from planner.questions.words.likeness import is_word, likeness
from planner.questions.words.short import is_known, is_short_for, long
from planner.questions.words.spelling import distance
from planner.questions.words.terms import Ref, Term, Vocabulary

SURE = 0.75
"""From here on a link is taken, and stated."""
LIKELY, ALONE = 0.55, 0.25
"""A weaker link is taken as well where every other is weaker by so much."""
NEAR = 0.4
"""From here on a link is worth offering."""
APART = 0.12
"""A second link this near makes the first one a question."""
WORDS = 50_000
"""For how many words and columns it is kept which values the words name."""
VALUES = 24
"""Columns with more values than this are not searched for a near meaning."""

Wanted = Literal["", "figure", "group", "rows"]
"""What the place in the sentence asks for: a number, what rows are put together by, which rows are
meant ("happy customers"), or anything.
"""


@dataclass(frozen=True)
class Candidate:
    """What a word may name. `confidence` is the chance that it does, 0..1."""

    term: Term
    confidence: float

    @property
    def key(self) -> tuple[object, ...]:
        """The same for two that are the same."""
        refs = tuple((ref.file.path, ref.name) for ref in self.term.refs)
        values = tuple((ref.file.path, ref.name, held) for ref, held in self.term.values)
        return (*refs, *values, self.term.noun.path if self.term.noun is not None else "")

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The columns it is in."""
        return self.term.refs or tuple(ref for ref, _ in self.term.values)


def candidates(
    words: str, vocabulary: Vocabulary, base: FileInfo, wanted: Wanted = "", *, deep: bool = True
) -> tuple[Candidate, ...]:
    """Everything the words may name, the likeliest first, each once.

    `deep`: near meanings are looked for too where the words alone leave it open.
    """
    asked = _content(words)
    if not asked:
        return ()
    found = [*_columns(words, asked, vocabulary)]
    if wanted != "figure":
        found += [*_values(words, vocabulary), *_rows(asked, vocabulary)]
    ranked = _ranked(found, base, wanted)
    if not deep or sure(ranked):
        return ranked
    return _ranked([*found, *_meanings(" ".join(asked), vocabulary, wanted)], base, wanted)


def _ranked(found: Iterable[Candidate], base: FileInfo, wanted: Wanted) -> tuple[Candidate, ...]:
    best: dict[tuple[object, ...], Candidate] = {}
    for candidate in (_placed(c, base, wanted) for c in found):
        known = best.get(candidate.key)
        if known is None or known.confidence < candidate.confidence:
            best[candidate.key] = candidate
    return tuple(sorted(_of_rows(best.values()), key=lambda c: -c.confidence))


def _of_rows(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Where the rows are what the word names, a column that only names them is no rival."""
    found = tuple(found)
    files = {c.term.noun.path for c in found if c.term.noun is not None and c.confidence >= LIKELY}
    for candidate in found:
        names = [ref.role in {Role.KEY, Role.CODE, Role.NAME} for ref in candidate.term.refs]
        rival = bool(names) and all(names) and candidate.term.refs[0].file.path in files
        yield replace(candidate, confidence=candidate.confidence * 0.6) if rival else candidate


def sure(found: Sequence[Candidate]) -> Candidate | None:
    """The one that is meant, where there is no doubt: by itself, or as nothing else comes near."""
    if not found:
        return None
    best, second = found[0].confidence, found[1].confidence if len(found) > 1 else 0.0
    alone = best >= LIKELY and second <= best - ALONE
    return found[0] if alone or (best >= SURE and best - second >= APART) else None


def opposite(word: str) -> str:
    """What the word says the contrary of: "insured" of "uninsured"; "" where it does not."""
    low = plain(word)
    head = next((prefix for prefix in _CONTRARY if low.startswith(prefix)), "")
    return low.removeprefix(head).strip() if head and len(low) - len(head) > 3 else ""


_CONTRARY = ("un", "non ", "non", "in", "im", "il", "ir", "dis")


def _content(words: str) -> tuple[str, ...]:
    said = [part for word in plain(words).split() for part in long(word)]
    return tuple(word for word in said if word not in SMALL)


def _placed(candidate: Candidate, base: FileInfo, wanted: Wanted) -> Candidate:
    """Less sure where it is in another file, or of a kind that the place doesn't ask for."""
    refs, sure_by = candidate.refs, candidate.confidence
    if candidate.term.noun is not None and candidate.term.noun.path == base.path:
        sure_by = min(0.95, sure_by + 0.2)
    if refs and all(ref.file.path != base.path for ref in refs):
        sure_by *= 0.85
    numeric = bool(refs) and all(ref.column.numeric and ref.role in MEASURES for ref in refs)
    if (wanted == "figure" and not numeric) or (wanted == "group" and numeric):
        sure_by *= 0.3
    if wanted == "rows" and candidate.term.refs and refs[0].role not in {Role.BOOLEAN, Role.DATE}:
        sure_by *= 0.6
    return replace(candidate, confidence=sure_by)


# -- columns ---------------------------------------------------------------------------------


def _columns(words: str, asked: Sequence[str], vocabulary: Vocabulary) -> Iterator[Candidate]:
    for ref in vocabulary.refs:
        spelt = _slip(plain(words), plain(ref.name))
        score = max(_by_concept(asked, ref), _by_form(asked, ref), _by_length(asked, ref), spelt)
        if score > 0:
            term = Term(refs=(ref,), alike=not spelt, near=ref.name if spelt == score else "")
            yield Candidate(term, score)


def _by_concept(asked: Sequence[str], ref: Ref) -> float:
    """How sure the concepts make it: those of the column's last word count most."""
    heads, rest = _heads(ref)
    score = 1.0
    for place, word in enumerate(asked):
        kinds = senses(word)
        if kinds & heads:
            score *= 0.9
        elif kinds & rest:
            score *= 0.6 if set(ref.words) & _NAMES else 0.45
        elif families(kinds) & families(heads) - {"deed"}:  # what is done is a row
            same = ref.role is Role.AMOUNT and bool(kinds & _MONEY - {"price"})
            anybody = "person" in kinds | heads  # "persons" are guests as well as patients
            score *= 0.78 if same else 0.5 if rest else 0.7 if anybody else 0.6
        elif kinds & _MONEY and ref.role in {Role.AMOUNT, Role.PRICE, Role.PAY}:
            score *= 0.5
        elif place < len(asked) - 1:
            score *= 0.85  # "payment method" for "method"
        else:
            return 0.0
    return score * 0.7 if ref.role in {Role.KEY, Role.CODE} and len(ref.words) == 1 else score


def _heads(ref: Ref) -> tuple[frozenset[str], frozenset[str]]:
    """The concepts of what the column is, and of the words before that: units and "on" say nothing,
    and "start date" is a start as well as a date.
    """
    own = [word for word in ref.words if word not in _UNITS] or list(ref.words)
    if (meant := _ENDINGS.get(ref.words[-1])) and len(ref.words) > 1:
        return meant, _senses(own)
    last = own[-2:] if ref.role in {Role.DATE, Role.YEAR} else own[-1:]
    return _senses(last), _senses(own[: -len(last)])


def _senses(words: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(senses, words))


_UNITS = SMALL | word_set(
    "on at eur usd gbp chf sek nok dkk pln czk euro dollar kg g km m cm mm c f celsius pct percent s sec h ms kwh l t"
)
_ENDINGS = {
    "by": frozenset({"agent"}), "with": frozenset({"method"}), "via": frozenset({"method", "carrier", "source"}),
    "through": frozenset({"method", "source"}), "from": frozenset({"source"}),
}  # fmt: skip
"""What a column is whose name ends with such a word: "paid_with" is a method, "sold_by" who did it."""
_MONEY = frozenset({"amount", "revenue", "cost", "price", "payment"})
_NAMES = frozenset({"name", "title", "id", "nr", "no", "number", "code"})


def _by_form(asked: Sequence[str], ref: Ref) -> float:
    """The same words in another form: "shipping" of ship_date; a "shipper" is no date, and what was
    "booked" is no booking_id.
    """
    if ref.role in {Role.KEY, Role.CODE}:
        return 0.0
    own = [form for word in ref.words for form in (word, stem(word))]
    if any(len(word) < 3 or not {word, stem(word)} & {*own} for word in asked):
        return 0.0
    if ref.role is Role.DATE and asked[-1].endswith(("er", "or")) and asked[-1] not in own:
        return 0.3
    return 0.9 if ref.role in {Role.DATE, Role.BOOLEAN} or len(asked) == len(ref.words) else 0.7


def _by_length(asked: Sequence[str], ref: Ref) -> float:
    """How sure it is that the name is short for the word: "swp" for the sweep."""
    if len(asked) != 1 or is_word(plain(ref.name)):
        return 0.0
    own = plain(ref.name).split()
    shorts = [word for word in own if not (is_word(word) or is_known(word))]
    return max((is_short_for(short, asked[0]) for short in shorts), default=0.0)


def _by_meaning(cosine: float) -> float:
    """A likeness of the model as the chance that both mean the same: enough only where it is high."""
    chance = (cosine - 0.3) * 1.67
    return max(0.0, min(chance, 0.8 if cosine >= _ALIKE else LIKELY - 0.01))


_ALIKE = 0.78


def _slip(word: str, name: str) -> float:
    """How sure it is that the word was meant to be the name; a word of the language is no slip."""
    most = 2 if len(word) >= 8 else 1
    if len(word) < 4 or abs(len(word) - len(name)) > most or any(c.isdigit() for c in name):
        return 0.0
    far = distance(word, name)
    if not 0 < far <= most or opposite(word) == name or (len(word) < 6 and word[0] != name[0]):
        return 0.0
    return 0.35 if is_word(word) else 0.9 - 0.05 * (far - 1)


# -- values ----------------------------------------------------------------------------------


def _values(words: str, vocabulary: Vocabulary) -> Iterator[Candidate]:
    low = folded(words).strip()
    for ref in vocabulary.refs:
        if _is_worded(ref):
            for found in _written(low, ref, seen_in(ref.column)):
                whole = vocabulary.value(found.term.near) if found.term.near else None
                yield (
                    replace(found, term=replace(found.term, values=whole.values))
                    if whole
                    else found
                )
        elif ref.role is Role.TEXT and len(low) > 3:
            yield from _mentioned(low, ref)


def _mentioned(low: str, ref: Ref) -> Iterator[Candidate]:
    """Free text in which the word was seen, in whatever form."""
    form = stem(low)
    held = [value for value in seen_in(ref.column) if form in map(stem, plain(value).split())]
    if held:  # a word that may name something else is hardly what was written there
        sure_by = 0.4 if senses(low) or is_light(low) else 0.8
        yield Candidate(Term(values=((ref, tuple(held)),), alike=True), sure_by)


def _is_worded(ref: Ref) -> bool:
    """Whether its values are words that may be said."""
    return not ref.column.numeric and ref.role not in _UNSAID


_UNSAID = frozenset({Role.DATE, Role.TEXT, Role.PHONE, Role.BOOLEAN})


@kept(WORDS)
def _written(low: str, ref: Ref, seen: Sequence[str]) -> tuple[Candidate, ...]:
    """Values that hold the word, mean the same, or are spelt nearly so."""
    return tuple(_each_written(low, ref, seen))


def _each_written(low: str, ref: Ref, seen: Sequence[str]) -> Iterator[Candidate]:
    held: list[str] = []
    word, kinds, code, form = singular(low), _state(low), coded(low), stem(low)
    for value in seen:
        name = folded(value).strip()
        if word in plain(value).split():
            held.append(value)
            continue
        score = 0.92 if code & coded(value) else 0.85 if kinds & _state(value) else 0.0
        score = max(score, _formed(low, form, name))
        spelt = _slip(low, name) if not score else 0.0
        if score or spelt:
            term = Term(values=((ref, (value,)),), alike=not spelt, near=value if spelt else "")
            yield Candidate(term, score or spelt)
    if held and len(low) > 2:
        score = 0.86 if len(held) == 1 or ref.role is Role.CATEGORY else 0.6
        if families(senses(word)) & _MEASURED and ref.role is not Role.NAME:
            score = 0.45  # who "pays" is not "self-pay"
        yield Candidate(Term(values=((ref, tuple(held)),), alike=True), score)


def _formed(low: str, form: str, name: str) -> float:
    """A form of the value: "returns" of "returned", "picked" of "pickup"."""
    if len(low) > 3 and form == stem(name):
        return 0.88
    begins = len(form) > 3 and name.startswith(form) and len(name) - len(form) <= 3
    return 0.78 if begins and low.endswith(("ed", "ing")) else 0.0


@lru_cache(maxsize=20_000)
def _state(words: str) -> frozenset[str]:
    kinds = senses(plain(words))
    return kinds - _OF_COLUMNS if not families(kinds) & _MEASURED else frozenset()


_MEASURED = frozenset({"income", "outlay", "pay"})
_OF_COLUMNS = word_set(
    "category level source method status size quantity date score position reason person place region "
    "created arrived left hired born"
)
"""Concepts of what columns are called: values hardly ever mean them."""


# -- meanings --------------------------------------------------------------------------------


def _meanings(words: str, vocabulary: Vocabulary, wanted: Wanted) -> Iterator[Candidate]:
    """Columns and values whose meaning is near, by the language model."""
    near = likeness(words, [" ".join(ref.words) for ref in vocabulary.refs])
    for ref, meant in zip(vocabulary.refs, near, strict=True):
        if (score := _by_meaning(meant)) > 0:
            yield Candidate(Term(refs=(ref,), alike=True), score)
    for ref in vocabulary.refs if wanted != "figure" else ():
        seen = seen_in(ref.column)
        if ref.role is not Role.CATEGORY or not _is_worded(ref) or len(seen) > VALUES:
            continue
        for value, meant in zip(seen, likeness(words, [*map(plain, seen)]), strict=True):
            if (score := _by_meaning(meant - 0.05)) > 0:
                yield Candidate(Term(values=((ref, (value,)),), alike=True), score)


# -- rows ------------------------------------------------------------------------------------


def _rows(asked: Sequence[str], vocabulary: Vocabulary) -> Iterator[Candidate]:
    if len(asked) != 1:
        return
    kinds = senses(asked[0])
    for file in vocabulary.files:
        noun = row_noun(file)
        own = senses(noun.split()[-1]) if noun else frozenset()
        if families(own) & {"income", "outlay", "pay", "span"}:
            own = frozenset()  # "revenue" is no row of sales, "nights" are none of stays
        near = 0.7 if "person" in kinds else 0.5
        score = 0.92 if kinds & own else near if families(kinds) & families(own) else 0.0
        refs = vocabulary.of_file(file.path)
        if any(ref.role in MEASURES and own & _heads(ref)[0] for ref in refs):
            score *= 0.6  # "marks" are the column grade rather than the rows of grades
        spelt = _slip(asked[0], noun)
        if max(score, spelt) > 0:
            term = Term(noun=file, alike=spelt < score, near=noun if spelt >= score else "")
            yield Candidate(term, max(score, spelt))


def is_event(word: str, file: FileInfo) -> bool:
    """Whether the word is a verb for what a row is: "booked" of bookings.csv."""
    noun = row_noun(file).split()[-1:]
    verb = word.lower().endswith(("ed", "ing", "en", "nt", "ght", "ld", "de", "ve"))
    same = {stem(word), word.lower()} & {form for name in noun for form in (name, stem(name))}
    return bool(same) or (verb and bool(senses(word) & _senses(noun)))
