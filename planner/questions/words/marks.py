"""The words of a question as marks: columns, values, functions, numbers, spans … each with a letter.

The letters form a string over which the readers match patterns. See `phrases` for those of turns of
phrase; the others: C column, V value, E rows of a file, N number, " quoted words, $ a span of time,
~ a word nobody knows, _ what was taken already, , a comma.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from memory.model.work.value import FileInfo
from planner.questions.naming.states import parted, stated
from planner.questions.semantics import Role
from planner.questions.words.lexicon import folded, plain, word_set
from planner.questions.words.light import together
from planner.questions.words.periods import find_periods
from planner.questions.words.phrases import FILLER, LONGEST, PHRASES
from planner.questions.words.points import Found, Period, spread
from planner.questions.words.spelling import PUNCTUATION, Token, tokens_of
from planner.questions.words.terms import Ref, Term, Vocabulary

NAME_WORDS = 4
"""The most words that the name of a column or a value has in a sentence."""


@dataclass(frozen=True)
class Mark:
    """Some words and what they are."""

    letter: str
    words: str
    carries: str = ""
    term: Term | None = None
    number: float | None = None
    period: Period | None = None
    money: bool = False
    also: "Mark | None" = None
    """What else the words may be."""


def marked(words: str, vocabulary: Vocabulary, today: date) -> list[Mark]:
    """The marks of the words, in order. Words that carry no meaning are left out."""
    words = stated(parted(re.sub(r"[’`]", "'", words)), vocabulary)
    words = spread(words)
    tokens = tokens_of(words)
    periods = find_periods(words.lower(), today)
    marks: list[Mark] = []
    place = 0
    while place < len(tokens):
        period = _period_at(tokens[place], periods, vocabulary)
        if period is not None and not _compares(tokens[place : place + 4]):
            marks.append(Mark("$", period.period.words, period=period.period))
            place += sum(1 for token in tokens[place:] if token.start < period.end)
            continue
        mark, length = _at(tokens, place, vocabulary)
        if tokens[place].low == "one" and marks and marks[-1].letter == "O":
            mark, length = Mark("N", "one", number=1), 1
        if mark is not None and mark.words.startswith("a ") and _is_article(marks):
            mark, length = None, 1
        if mark is not None and marks and marks[-1].letter == "B":
            mark, length = _after_by(mark, length, tokens, place, vocabulary)
        place += length
        if mark is not None:
            marks.append(mark)
    marks = list(_owned(marks))
    return [_before_span(mark, marks[n + 1 : n + 2]) for n, mark in enumerate(marks)]


def _is_article(before: Sequence[Mark]) -> bool:
    """ "without a year" is no "20 a year"."""
    return bool(before) and before[-1].letter in "XwIOB"


def _owned(marks: Sequence[Mark]) -> Iterator[Mark]:
    """ "per product category", "by use of the building": a column with the file whose rows have it.

    "by express carriers" says which: the ones for which it is true.
    """
    place = 0
    while place < len(marks):
        mark, after = marks[place], marks[place + 1 : place + 2]
        grouped = place > 0 and marks[place - 1].letter in "BS,a"
        refs = _of_owner(mark, after[0]) if grouped and after else ()
        if refs:
            place += 1
            yield replace(after[0], term=Term(refs=refs), words=after[0].words)
        elif grouped and after and _belongs(mark, after[0]):
            place += 1
            yield mark
        elif not (mark.letter == "B" and _is_told(marks[place + 1 : place + 3])):
            yield mark
        place += 1


def _rows_of(mark: Mark) -> FileInfo | None:
    rows = mark if mark.letter == "E" else mark.also
    return rows.term.noun if rows is not None and rows.term is not None else None


def _belongs(column: Mark, owner: Mark) -> bool:
    noun = _rows_of(owner) if owner.letter in "EC" else None
    own = column.letter == "C" and column.also is None
    return own and noun is not None and all(ref.file == noun for ref in refs_of(column))


def _is_told(run: Sequence[Mark]) -> bool:
    truths = [ref.role is Role.BOOLEAN for ref in refs_of(run[0])] if len(run) == 2 else []
    return bool(truths) and all(truths) and _belongs(run[0], run[1])


def _of_owner(owner: Mark, column: Mark) -> tuple[Ref, ...]:
    if owner.letter not in "EC" or column.letter != "C" or column.term is None:
        return ()
    noun = _rows_of(owner)
    own = tuple(ref for ref in column.term.refs if noun is not None and ref.file == noun)
    if owner.letter == "E" or own:
        return own
    keyed = any(ref.role is Role.KEY for ref in refs_of(owner)) and not _whole(owner)
    return column.term.refs if keyed else ()


def _whole(mark: Mark) -> bool:
    return any(ref.is_called(mark.words) for ref in refs_of(mark))


def _compares(run: Sequence[Token]) -> bool:
    """ "over the previous month" is growth, not a span of time."""
    words = [token.low for token in run]
    return any(PHRASES.get(tuple(words[:length]), "_")[0] == "g" for length in (3, 4))


def _before_span(mark: Mark, after: Sequence[Mark]) -> Mark:
    """ "shipped in March" is a date, where "shipped" alone is a value."""
    dated = mark.letter == "V" and mark.also is not None and mark.also.letter == "C"
    spans = bool(after) and after[0].letter == "$"
    return mark.also if dated and spans and mark.also is not None else mark


def _period_at(token: Token, periods: Sequence[Found], vocabulary: Vocabulary) -> Found | None:
    """The span of time that the token is in; a bare number or name only where it begins there and
    is no value of a column.
    """
    for hit in periods:
        if not hit.period.bare and hit.start <= token.start < hit.end:
            return hit
    if vocabulary.value(token.text) is not None:
        return None
    return next((hit for hit in periods if hit.start == token.start), None)


def _after_by(
    mark: Mark, length: int, tokens: Sequence[Token], place: int, vocabulary: Vocabulary
) -> tuple[Mark | None, int]:
    if mark.letter == "S" and length > 1:  # "per order by region"
        return _at(tokens[: place + 1], place, vocabulary)
    if mark.letter in "F!" and mark.also is not None:  # "by count": a column of that name
        return mark.also, length
    return mark, length


def _at(tokens: Sequence[Token], place: int, vocabulary: Vocabulary) -> tuple[Mark | None, int]:
    """The mark that begins at the place, the longest first, and its length in tokens."""
    token = tokens[place]
    if token.column:
        return Mark("C", token.text, term=vocabulary.column(token.text)), 1
    if token.quoted:
        return Mark('"', token.text, term=vocabulary.value(token.text)), 1
    for length in range(min(max(NAME_WORDS, LONGEST), len(tokens) - place), 0, -1):
        run = tokens[place : place + length]
        mark = (
            None
            if any(part.quoted or part.column or part.text in PUNCTUATION for part in run)
            else _of_run(run, vocabulary)
        )
        if mark is not None:
            return mark, length
    if token.number is not None:
        return Mark("N", token.text, number=token.number, money=token.money), 1
    if place + 1 < len(tokens) and not vocabulary.stemmed(tokens[place + 1].low):
        said = f"{token.text} {tokens[place + 1].text}"
        if meant := together(said):
            return _by_meaning(said, meant, vocabulary), 2
    return Mark(",", token.text) if token.text in PUNCTUATION else _alone(token, vocabulary), 1


def _by_meaning(said: str, meant: Sequence[str], vocabulary: Vocabulary) -> Mark:
    """Two words that mean one: "came back" for the value returned."""
    names = (("V", vocabulary.value), ("C", vocabulary.column), ("C", vocabulary.stemmed))
    for letter, known in names:
        if (term := next(filter(None, map(known, meant)), None)) is not None:
            return Mark(letter, said, term=term)
    return Mark("~", said)


def _of_run(run: Sequence[Token], vocabulary: Vocabulary) -> Mark | None:
    """What the words are together: a name, a turn of phrase, or one of both."""
    said = " ".join(part.text for part in run)
    known = PHRASES.get(tuple(part.low for part in run))
    phrase = Mark(known[0], said.lower(), carries=known[1]) if known else None
    mark = _named(said, vocabulary, len(run)) if len(run) <= NAME_WORDS else None
    return _either(mark, phrase, len(run)) if mark and phrase else mark or phrase


def _alone(token: Token, vocabulary: Vocabulary) -> Mark | None:
    kind = vocabulary.alike(token.low) if token.low in KINDS else None
    if kind is not None:  # "what kind of job": there is a column for that
        return Mark("C", token.text, term=kind)
    stemmed = vocabulary.stemmed(token.low)
    if stemmed is not None and token.low not in FILLER:
        return Mark("C", token.text, term=stemmed)
    if token.low in FILLER or folded(token.low) in FILLER:
        return None
    return Mark("~", token.text)


def _named(said: str, vocabulary: Vocabulary, length: int) -> Mark | None:
    """The column, value or kind of row that the words name exactly."""
    words = said.lower().split()
    if length == 1 and words[0] in _NEVER and said.isupper() and vocabulary.spelt(said):
        return Mark("V", said, term=vocabulary.value(said))  # "in IT" is not "in it"
    if (length == 1 and (words[0] in _NEVER or words[0].isdigit())) or (
        length > 1
        and ({words[0], words[-1]} & _EDGES or _ranks(words[0]))
        and vocabulary.value(said) is None
        and (not vocabulary.is_name(said) or _is_share_of(words, vocabulary))
    ):
        return None
    column, value, noun = vocabulary.column(said), vocabulary.value(said), vocabulary.noun(said)
    named = Mark("C", said, term=column) if column is not None else None
    exact = column is not None and any(ref.is_called(said) for ref in column.refs)
    if value is not None and named is not None and not exact:
        return _valued(said, value, noun, column)
    if value is not None and column is None:
        return _valued(said, value, noun, vocabulary.stemmed(said) if length == 1 else None)
    if noun is not None:
        rows = Mark("E", said, term=noun, also=named)
        whole = column is not None and any(ref.is_called(said) for ref in column.refs)
        several = column is not None and _are_rows(said, column, noun)
        return (
            Mark("C", said, term=column, also=Mark("E", said, term=noun))
            if whole and not several
            else rows
        )
    thing = vocabulary.thing(said) if named is not None else None
    return replace(named, also=Mark("T", said, term=thing)) if named and thing else named


def _ranks(word: str) -> bool:
    """Whether the word puts rows in order: the "oldest date" is a date, whatever its column is called."""
    return PHRASES.get((word,), "_")[0] in "TL"


def _is_share_of(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """ "% returned": no column has a sign of percent in its name."""
    return "%" in words and not any("%" in ref.name for ref in vocabulary.refs)


def _are_rows(said: str, column: Term, noun: Term) -> bool:
    """Whether the word in the plural says the rows rather than their column: "jabs" of jabs.csv."""
    several = plain(said) != said.lower()
    return several and all(ref.file == noun.noun for ref in column.refs)


def _valued(said: str, value: Term, noun: Term | None, stemmed: Term | None) -> Mark:
    """A value; in the plural, or where another file has the value, rather the rows that are called so."""
    mark = Mark("V", said, term=value, also=Mark("C", said, term=stemmed) if stemmed else None)
    if noun is None or noun.noun is None:
        return mark
    others = all(ref.file != noun.noun for ref, _ in value.values)
    rows = others or plain(said) != said.lower()
    return Mark("E", said, term=noun, also=mark) if rows else mark


KINDS = word_set("kind type sort")
_NEVER = word_set(
    "a an the of in on for and or is are it by to from me no not i at with do does did there who as us we"
)
_EDGES = word_set(
    "a an the of in on for and or is are it by to from me with per at no not many how all each every"
    " without only than % vs versus after before over under below above"
)


def _either(named: Mark, phrase: Mark, length: int) -> Mark:
    """Of a name and a turn of phrase, the one to go by; the other is kept as what it may be, too."""
    whole = named.term is not None and any(ref.is_called(named.words) for ref in named.term.refs)
    if named.letter == "E" and phrase.letter in "KAtRfhvSc":
        return named
    if named.letter == "V" or length > 1:
        return replace(named, also=named.also or phrase)
    if named.letter == "C" and whole and phrase.letter in "AtHGKRhjqQ!zcdgfSv":
        return replace(named, also=phrase)
    if named.letter == "C" and phrase.letter in "KRjqQ":
        return replace(named, also=phrase)
    return replace(phrase, also=named)


class Line:
    """The marks while they are taken one pattern after the other."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self.marks = list(marks)

    @property
    def letters(self) -> str:
        """One letter for each mark."""
        return "".join(mark.letter for mark in self.marks)

    def take(self, pattern: str, use: Callable[[list[Mark]], bool]) -> bool:
        """Give every match of the pattern to `use`, which says whether it was understood.

        What was understood is replaced by one "_". Whether any was.
        """
        taken, place = False, 0
        while match := re.compile(pattern).search(self.letters, place):
            start, end = match.span()
            if start < end and use(self.marks[start:end]):
                self.marks[start:end] = [Mark("_", "")]
                taken, place = True, start
            else:
                place = start + 1
        return taken

    def drop(self, pattern: str, use: Callable[[list[Mark]], bool]) -> None:
        """Like `take`, and nothing is left in its place."""
        while match := re.search(pattern, self.letters):
            if not use(self.marks[match.start() : match.end()]):
                return
            del self.marks[match.start() : match.end()]

    def hide(self, places: AbstractSet[int]) -> tuple[Mark, ...]:
        """Keep these marks from being taken, until they are shown again."""
        hidden = tuple(self.marks[place] for place in sorted(places))
        for place in places:
            self.marks[place] = Mark("Y", self.marks[place].words)
        return hidden

    def show(self, hidden: Iterable[Mark]) -> None:
        """Put the hidden marks back into their places."""
        left = iter(hidden)
        self.marks = [next(left) if mark.letter == "Y" else mark for mark in self.marks]

    def has(self, letters: str) -> bool:
        """Whether one of these letters is left."""
        return any(mark.letter in letters for mark in self.marks)

    def left(self) -> list[Mark]:
        """The marks that were not taken."""
        return [mark for mark in self.marks if mark.letter not in "_,"]


def refs_of(mark: Mark) -> tuple[Ref, ...]:
    """The columns that a mark may be."""
    if mark.term is not None and mark.term.refs:
        return mark.term.refs
    return mark.also.term.refs if mark.also is not None and mark.also.term is not None else ()


def is_done(mark: Mark) -> bool:
    """Whether it says what was done rather than the date it was done on: "kilos sold" of sold_on."""
    refs = mark.term.refs if mark.term is not None and mark.letter == "C" else ()
    dates = bool(refs) and all(ref.role is Role.DATE for ref in refs)
    return dates and not _whole(mark) and not {*plain(mark.words).split()} & {"date", "day", "time"}
