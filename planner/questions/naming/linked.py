"""Words that no file knows: what they most likely name, a question about it, or nothing at all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from memory.model.text import text
from planner.questions.naming.together import joined, with_years, worked_out
from planner.questions.readers.state import Reading
from planner.questions.readers.worth import FIGURES, derived
from planner.questions.semantics import Role, row_noun, seen_in
from planner.questions.words.lexicon import concept, families, plain, senses
from planner.questions.words.light import ORDERS, hints, is_light
from planner.questions.words.linking import (
    NEAR,
    Candidate,
    Wanted,
    candidates,
    is_event,
    opposite,
    sure,
)
from planner.questions.words.marks import Line, Mark, marked
from planner.questions.words.terms import Ref, Term

OPTIONS = 5
"""What a word may mean, beside leaving it out."""
_UNDONE = frozenset(["never", "haven't", "hasn't", "didn't", "don't", "doesn't", "weren't", "wasn't"]) | {
    "have not", "has not", "did not", "do not", "does not", "were not", "was not", "have never", "has never",
}  # fmt: skip

SAME = 0.8
"""From here on a link is of the very same concept: nothing is worked out instead."""
LISTED = 3
"""More values than this are said by the word that all of them contain."""
OFFERED = 0.2
"""A meaning less sure than this is no option: people would wonder where it came from."""
SENSIBLE = 2
"""A question about a figure has at least so many columns to choose from."""
OPEN_WORDS = 2
"""With more words than this that nobody can place, it is no question to these files."""


def name_words(line: Line, reading: Reading, *, ask: bool = True) -> None:
    """Put what they mean in the place of words that no file knows.

    One sure meaning is taken and stated; several, or none, are asked for. Where too much is open,
    or with `ask` False, the words stay as they are: it is no question to these files then.
    """
    naming = _Naming(reading)
    marks = worked_out(joined(line.marks, reading.vocabulary), reading)
    found = [naming.known(mark, marks, place) for place, mark in enumerate(marks)]
    open_words = [marks[place] for place, meant in enumerate(found) if meant is None]
    content = [mark for mark in marks if mark.letter in "CVE~N$"]
    if not ask or len(open_words) > OPEN_WORDS or 2 * len(open_words) > len(content):
        line.marks = [new for mark, meant in zip(marks, found, strict=True)
                      for new in ((mark,) if meant is None else meant)]  # fmt: skip
        return
    done: list[Mark] = []
    for place, meant in enumerate(found):
        done += naming.asked(marks[place], marks, place) if meant is None else meant
    line.marks = list(with_years(done))


def _tells_which(marks: Sequence[Mark], place: int) -> bool:
    """ "orders that were picked up": a verb with nothing behind it says which rows are meant."""
    before = marks[place - 1] if place else None
    behind = marks[place + 1] if place + 1 < len(marks) else None
    relative = before is not None and before.letter == "w" and before.words.endswith(("re", "as"))
    return relative and (behind is None or behind.letter in ",a")


class _Naming:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def known(self, mark: Mark, marks: Sequence[Mark], place: int) -> Sequence[Mark] | None:
        """The mark, or what it surely means; None where that has to be asked."""
        if mark.letter != "~" or mark.words.lower() in ORDERS or _is_kept(marks, place):
            return (mark,)
        counted = self._counted(mark, marks, place)
        if counted is not None:
            return (counted,)
        found = self._candidates(mark, marks, place)
        meant = self._sure(mark, sure(found))
        if meant is None:
            meant = self._contrary(mark, marks, place)
        if meant is not None:
            return meant
        grouping = _wanted(marks, place) == "group"
        if is_light(mark.words) and not grouping and not _tells_which(marks, place):
            return tuple(self._hinted(mark))
        if _wanted(marks, place) == "figure":
            other = sure(candidates(mark.words, self._reading.vocabulary, self._reading.base))
            return self._taken(mark, other) if other is not None else self._figure(mark, found)
        held = self._holders(mark, place)
        return self._held(mark, held[0]) if len(held) == 1 else None

    def _sure(self, mark: Mark, best: Candidate | None) -> Sequence[Mark] | None:
        """What there is no doubt about: a figure that can be worked out, what happens in each row,
        or what the files hold.
        """
        figure = concept(plain(mark.words))
        weak = best is None or best.confidence < SAME
        if weak and figure in FIGURES and self._is_made(figure):
            return (Mark("A", mark.words, carries=figure),)
        if weak and is_event(mark.words, self._reading.base):
            return tuple(self._hinted(mark))
        return self._taken(mark, best) if best is not None else None

    def _counted(self, mark: Mark, marks: Sequence[Mark], place: int) -> Mark | None:
        """How many rows there are: "more than 15 times"."""
        times = place > 0 and marks[place - 1].letter == "N" and mark.words.lower() == "times"
        return Mark("E", mark.words, term=Term(noun=self._reading.base)) if times else None

    def _contrary(self, mark: Mark, marks: Sequence[Mark], place: int) -> Sequence[Mark] | None:
        """ "uninsured": not what is insured."""
        word = opposite(mark.words)
        vocabulary = self._reading.vocabulary
        term = (vocabulary.column(word) or vocabulary.value(word)) if word else None
        found = self._candidates(replace(mark, words=word), marks, place) if word else ()
        best = sure(found)
        if term is None and best is not None and best.confidence >= SAME:
            term = best.term
        truths = term is not None and all(ref.role is Role.BOOLEAN for ref in term.refs)
        if term is None or not (truths or term.values):
            return None
        if term.alike:
            said = text("“{words}” means not {values}.", words=mark.words, values=_label(term))
            self._reading.assume(said)
        return (Mark("X", "not"), _mark_of(word, term))

    def _candidates(self, mark: Mark, marks: Sequence[Mark], place: int) -> tuple[Candidate, ...]:
        reading = self._reading
        found = candidates(
            mark.words, reading.vocabulary, reading.base, _wanted(marks, place),
            deep=not is_light(mark.words) or _wanted(marks, place) == "group",
        )  # fmt: skip
        found = _confirmed(found, marks[max(0, place - 1) : place + 2])
        figure = place + 1 < len(marks) and marks[place + 1].letter in "CA"
        if not figure and any(other.letter in "$GWtTLSO" for other in marks):
            return found
        return tuple(candidate for candidate in found if not _is_dated_verb(mark, candidate))

    def _is_made(self, figure: str) -> bool:
        """Whether the figure can be worked out of other columns; nothing is stated yet."""
        reading = self._reading
        stated = [*reading.assumptions]
        found = derived(reading, figure, reading.base)
        reading.assumptions = stated
        amounts = any(ref.role is Role.AMOUNT and ref.column.numeric for ref in reading.own())
        return found is not None or (figure == "revenue" and amounts)

    def _figure(self, mark: Mark, found: Sequence[Candidate]) -> Sequence[Mark]:
        """The number that people say the word means; the word itself where there are no numbers."""
        numbers = [ref for ref in self._reading.vocabulary.numbers() if ref in self._reading.own()]
        if families(senses(mark.words)) & {"income", "outlay", "pay"}:  # no distance is an income
            numbers = [ref for ref in numbers if ref.role in {Role.AMOUNT, Role.PRICE, Role.PAY}]
        numbers.sort(key=lambda ref: ref.role is not Role.AMOUNT)
        near = [c.term.refs[0] for c in _near(found) if c.term.refs and c.term.refs[0] in numbers]
        if len(numbers) < SENSIBLE or not (near or families(senses(mark.words))):
            return (mark,)
        ref = self._reading.asked(mark.words, (near or numbers)[0], numbers)
        return (Mark("C", mark.words, term=ref.term),)

    def _taken(self, mark: Mark, best: Candidate) -> Sequence[Mark]:
        """The marks of what is meant; it is stated where the words differ."""
        if _is_listed(best.term):
            ref = best.term.values[0][0]
            said = text("“{words}” is looked for in {column}.", words=mark.words, column=ref.name)
            self._reading.assume(said)
        else:
            self._state(mark.words, best.term)
        return _marks_of(mark.words, best.term)

    def _state(self, words: str, term: Term) -> None:
        if term.noun is not None and not term.near:
            same = senses(words) & senses(row_noun(term.noun).rpartition(" ")[2])
            if same or is_event(words, term.noun):
                return
        if term.near:
            meant = text("“{words}” is read as “{near}”.", words=words, near=term.near)
        elif term.noun is not None:
            meant = text("“{words}” are the rows of {path}.", words=words, path=term.noun.path)
        elif term.refs:
            column = term.refs[0].name
            meant = text("“{words}” is the column {column}.", words=words, column=column)
        else:
            meant = text("“{words}” means {values}.", words=words, values=_label(term))
        self._reading.assume(meant)

    def _hinted(self, mark: Mark) -> Iterator[Mark]:
        """What a verb says of the figure, for the readers that look for one; nothing else of it."""
        own = [ref for ref in self._reading.own() if ref.column.numeric]
        for kind in hints(mark.words):
            refs = tuple(ref for ref in own if kind in map(concept, ref.words))
            if refs:
                yield Mark(
                    "K",
                    mark.words,
                    carries="hint",
                    also=Mark("C", mark.words, term=Term(refs=refs)),
                )
                return

    # -- names that nobody has seen ----------------------------------------------------------

    def _holders(self, mark: Mark, place: int) -> tuple[Ref, ...]:
        """The columns that may hold the name, where the words look like one."""
        if place == 0 or not mark.words[:1].isupper():
            return ()
        own = [ref for ref in self._reading.own() if _is_partly_seen(ref)]
        return tuple(ref for ref in own if ref.role is Role.NAME) or tuple(own)

    def _held(self, mark: Mark, ref: Ref) -> tuple[Mark, ...]:
        """Only rows that hold the name: the whole of it, or a part where names are longer."""
        long = [value for value in seen_in(ref.column) if " " in value.strip()]
        if long and " " not in mark.words:
            return _containing(ref, mark.words)
        return (Mark("V", mark.words, term=Term(values=((ref, (mark.words,)),))),)

    # -- questions ---------------------------------------------------------------------------

    def asked(self, mark: Mark, marks: Sequence[Mark], place: int) -> Sequence[Mark]:
        """What people say the word means, the likeliest meaning until then."""
        reading = self._reading
        found = self._candidates(mark, marks, place)
        near = _near(found)
        refs = [candidate.term.refs[0] for candidate in near if candidate.term.refs]
        own = {ref.name for ref in refs if ref.file.path == refs[0].file.path}
        if len(refs) == len(near) and len(own) > 1:
            ref = reading.asked(mark.words, refs[0], refs)
            return (Mark("C", mark.words, term=Term(refs=(ref,))),)
        likely = [candidate for candidate in found[:OPTIONS] if candidate.confidence >= OFFERED]
        options = {_label(candidate.term): candidate.term for candidate in likely}
        unseen = {_unseen(ref, mark): ref for ref in self._holders(mark, 1)[:OPTIONS]}
        nothing = text("leave it out")
        labels = [*unseen, *options][:OPTIONS]
        slot = f"{mark.words.lower()} means"
        if not labels and f"{reading.base.path}:{slot}" not in reading.questions.answers:
            return (mark,)  # nothing to choose from: readings as a whole are offered then
        answer = reading.choose(
            slot,
            text("What does “{words}” mean here?", words=mark.words),
            (*labels, nothing),
            default=labels[0] if labels and (near or unseen) else nothing,
            also=None,
        )
        if answer in unseen:
            return self._held(mark, unseen[answer])
        if answer in options:
            return _marks_of(mark.words, options[answer])
        if answer == nothing:
            reading.assume(text("“{words}” is left out.", words=mark.words))
            return ()
        return marked(answer, reading.vocabulary, reading.today)


def _wanted(marks: Sequence[Mark], place: int) -> Wanted:
    before = marks[place - 1] if place else Mark("", "")
    after = marks[place + 1] if place + 1 < len(marks) else Mark("", "")
    if before.letter == "F" and before.carries not in {"min", "max"}:
        return "figure"
    if after.letter == "B" and not any(mark.letter in "F!CEA" for mark in marks[:place]):
        return "figure"
    if before.letter == "B":
        return "group"
    return "rows" if after.letter == "E" or before.letter == "I" else ""


def _is_dated_verb(mark: Mark, candidate: Candidate) -> bool:
    """ "shipped" for ship_date, where nothing is said of any time, or of the "shipping cost"."""
    verb = mark.words.lower().endswith(("ed", "ing"))
    return verb and any(ref.role is Role.DATE for ref in candidate.term.refs)


def _confirmed(found: Sequence[Candidate], around: Sequence[Mark]) -> tuple[Candidate, ...]:
    """Surer of a column where a value of it is said beside it: "allergic to latex"."""
    held = {
        (ref.file.path, ref.name)
        for mark in around if mark.letter == "V" and mark.term is not None
        for ref, _ in mark.term.values
    }  # fmt: skip
    weighed = (
        replace(c, confidence=max(c.confidence, 0.95))
        if c.confidence >= NEAR and {(ref.file.path, ref.name) for ref in c.term.refs} & held
        else c
        for c in found
    )
    return tuple(sorted(weighed, key=lambda c: -c.confidence))


def _near(found: Sequence[Candidate]) -> list[Candidate]:
    return [candidate for candidate in found if candidate.confidence >= NEAR]


def _is_kept(marks: Sequence[Mark], place: int) -> bool:
    """Whether it is read where it stands: the verb of what never happened ("members who never
    borrowed"), or what a name begins with.
    """
    before = [mark for mark in marks[max(0, place - 2) : place] if mark.letter != "I"]
    last = before[-1] if before else Mark("", "")
    earlier = next((mark for mark in reversed(marks[:place]) if mark.letter != "~"), last)
    return earlier.letter == "P" or (last.letter == "X" and last.words.lower() in _UNDONE)


def _containing(ref: Ref, words: str) -> tuple[Mark, ...]:
    """Only rows whose column contains the words."""
    column = Mark("C", ref.name, term=Term(refs=(ref,)))
    return (column, Mark("P", "contains", carries="contains"), Mark('"', words))


def _is_listed(term: Term) -> bool:
    """Whether it is free text, or so many values that the word in them says it better."""
    return any(len(held) > LISTED or ref.role is Role.TEXT for ref, held in term.values[:1])


def _marks_of(words: str, term: Term) -> tuple[Mark, ...]:
    return _containing(term.values[0][0], words) if _is_listed(term) else (_mark_of(words, term),)


def _mark_of(words: str, term: Term) -> Mark:
    letter = "C" if term.refs else "E" if term.noun is not None else "V"
    return Mark(letter, words, term=replace(term, alike=False, near=""))


def _label(term: Term) -> str:
    if term.refs:
        return text("the column {column}", column=term.refs[0].name)
    if term.noun is not None:
        return text("the rows of {path}", path=term.noun.path)
    ref, values = term.values[0]
    if _is_listed(term):
        return text("the word in {column}", column=ref.name)
    shown = " or ".join(f"“{value}”" for value in values)
    return f"{ref.name} {shown}"


def _unseen(ref: Ref, mark: Mark) -> str:
    return f"{ref.name} “{mark.words}”"


def _is_partly_seen(ref: Ref) -> bool:
    """Whether the column may hold values that nobody has looked at."""
    column = ref.column
    if column.numeric or ref.role not in {Role.NAME, Role.CATEGORY}:
        return False
    return not column.values and (column.distinct is None or column.distinct > len(column.samples))
