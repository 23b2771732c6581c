"""What is ranked, by what and how many: rows by their worth, groups by a figure."""

from collections.abc import Sequence

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.readers.figures import Figures, file_of, lasts
from planner.questions.readers.state import Rank, Reading, Unclear
from planner.questions.readers.worth import amount_of, elapsed
from planner.questions.semantics import AVERAGED, MEASURES, OPEN, Role, role_of, row_noun, words_of
from planner.questions.spec import Combined, Field, Function, Group, Measure, Operand, Order
from planner.questions.words.lexicon import concept, singular, word_set
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.phrases import HINTS, WAYS
from planner.questions.words.terms import Ref, Term

TOP_DEFAULT = 10
GOODNESS = word_set("best worst leading strongest weakest poorest")
"""What says that something is good or bad, not in what."""
_OF_PEOPLE = word_set("age gender sex born email phone salary joined hired name first last")
PEOPLE = word_set("employee customer patient student teacher doctor person agent manager")


class Ranker:
    """Makes a rank of what a superlative says."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._figures = Figures(reading)

    def rank(
        self,
        sign: Mark,
        target: Mark,
        figure: Sequence[Mark],
        number: int | None,
        verbs: Sequence[Mark] = (),
        function: Mark | None = None,
    ) -> bool:
        """Rank the target by the figure, or by what its rows are worth. Whether that is clear.

        `function`: said apart from the superlative, as in "the cheapest on average".
        """
        if self._reading.parts.rank is not None:
            return False
        if sign.carries == "sold" and self._is_sold_elsewhere(target):
            return False
        groups = self._target(target, figure)
        if groups is None:
            return False
        rank = Rank(descending=sign.letter == "T", number=number, target=groups, rows=not groups)
        if not self._by(sign, figure, verbs, rank) or not self._function(rank, function):
            return False
        self._worked_out(rank)
        if number is None:
            rank.number = TOP_DEFAULT
            self._reading.assume(text("“Top” without a number means the first 10."))
        self._reading.parts.rank = rank
        return True

    def _is_sold_elsewhere(self, target: Mark) -> bool:
        """Whether other rows sell these: the best-selling product isn't the dearest one."""
        reading = self._reading
        refs = refs_of(target) if target.letter == "C" else ()
        files = [file_of(target, reading)] if target.letter == "E" else [ref.file for ref in refs]
        return reading.base.path in [file.path for file in files] and is_sold(reading)

    def _worked_out(self, rank: Rank) -> None:
        """ "the longest stay", from date to date: each row with a figure that no column holds."""
        names = self._reading.row_names() if rank.rows else ()
        if names and isinstance(rank.by, Combined):
            function: Function = "max" if rank.descending else "min"
            rank.target, rank.rows = names, False
            rank.by = self._reading.measure(function, rank.by)

    def _function(self, rank: Rank, function: Mark | None) -> bool:
        """What was said apart holds for the figure of the groups."""
        by = rank.by
        if function is None or (function.carries == "sum" and not isinstance(by, Measure)):
            return True
        if not isinstance(by, Measure):
            return False
        if by.of is None or by.per is not None:
            return function.carries == "sum"
        name: Function = function.carries  # type: ignore[assignment]  # of the table of phrases
        rank.by = self._reading.measure(name, by.of)
        return True

    def both_ends(self, signs: Sequence[Mark], target: Mark) -> bool:
        """ "the cheapest and the dearest": the rows at both ends, or all groups in that order."""
        reading, sign = self._reading, signs[0]
        if not self.rank(sign, target, [], 1):
            return False
        rank = reading.parts.rank
        assert rank is not None
        if rank.rows:
            if not isinstance(rank.by, Field):
                return False
            reading.parts.rank = None
            reading.parts.ends = rank.by
            reading.parts.order.append(Order(by=rank.by))
            both = text("the {first} and the {last}", first=sign.words, last=signs[1].words)
            reading.parts.said.append(both)
            return True
        rank.number = None
        reading.assume(text("All of them are listed in that order, so that both ends show."))
        return True

    def _target(self, target: Mark, figure: Sequence[Mark]) -> tuple[Group, ...] | None:
        """The groups that are ranked, () for single rows; None where nobody can tell."""
        reading = self._reading
        if target.letter == "G":
            group = self._figures.grain(target)
            return (group,) if group else None
        if target.letter == "E":
            file = file_of(target, reading)
            return () if file.path == reading.base.path else reading.entity(file)
        ref = reading.ref(target)
        if ref is None:
            return None
        alone = ref.file.path == reading.base.path and ref.column.distinct == ref.file.rows
        counted = any(mark.letter == "!" for mark in figure)
        return () if alone and (ref.file.rows or 0) > 1 and not counted else (reading.group(ref),)

    def _by(self, sign: Mark, figure: Sequence[Mark], verbs: Sequence[Mark], rank: Rank) -> bool:
        if figure:
            return self._by_named(figure, rank, sign)
        match sign.carries:
            case "count":
                rank.by = self._reading.measure("count", None)
                return bool(rank.target)
            case "date":
                return rank.rows and self._by_date(sign, rank)
            case hint if hint in HINTS:
                return self._by_hint(sign, rank)
            case _:
                return (
                    self._by_quality(sign, rank)
                    if sign.words in GOODNESS and not verbs
                    else self._by_worth(verbs, rank)
                )

    def _by_named(self, figure: Sequence[Mark], rank: Rank, sign: Mark) -> bool:
        if rank.rows:
            single = figure[-1].letter in "CAt" and (len(figure) == 1 or figure[0].letter == "F")
            rank.by = self._figures.operand(figure[-1]) if single else None
        else:
            rank.by = self._figures.figure(figure, ranked=True, least=sign.letter == "L")
        return rank.by is not None

    def _by_date(self, sign: Mark, rank: Rank) -> bool:
        reading = self._reading
        own = reading.own()
        if "young" in sign.words or "old" in sign.words:
            ages = [ref for ref in own if ref.role is Role.AGE]
            if ages:
                rank.by, rank.descending = ages[0].field, "old" in sign.words
                return True
            born = _dated(own, "born")
            if born is not None:
                rank.by = born.field
                return True
        if "serving" in sign.words:
            hired = _dated(own, "hired")
            rank.by = hired.field if hired is not None else None
            return hired is not None
        rank.by = reading.date_field() if reading.vocabulary.dates(reading.base.path) else None
        if rank.by is None:
            years = [ref for ref in own if ref.role is Role.YEAR]
            rank.by = years[0].field if len(years) == 1 else None
        rank.file_order = rank.by is None and sign.words == "first"
        return rank.by is not None or rank.file_order

    def _by_hint(self, sign: Mark, rank: Rank) -> bool:
        """ "cheapest": the column that such a word is about."""
        operand = self._hinted(sign)
        if operand is None:
            return False
        single = not rank.target
        function: Function = "max" if sign.letter == "T" else "min"
        rank.by = operand if single else self._reading.measure(function, operand)
        return True

    def _hinted(self, sign: Mark) -> Operand | None:
        reading, wanted = self._reading, HINTS[sign.carries]
        wanted -= WAYS if sign.words.startswith("t") else frozenset()  # "took the longest"
        lasting = sign.carries == "length"
        refs = [
            ref for ref in reading.own()
            if ref.column.numeric and ref.role in MEASURES
            and (wanted & {*ref.words, *map(concept, ref.words)} or (lasting and lasts(ref)))
        ]  # fmt: skip
        if sign.carries == "price":
            refs = [ref for ref in refs if ref.role is Role.PRICE] or refs
        if not refs:
            return elapsed(reading, reading.base) if lasting else None
        names = [ref.name for ref in refs]
        name = names[0]
        if len(refs) > 1:
            question = text("“{words}” by which column?", words=sign.words)
            name = reading.choose(f"{sign.words} column", question, names[:6])
        return next(ref.field for ref in refs if ref.name == name)

    def _by_worth(self, verbs: Sequence[Mark], rank: Rank) -> bool:
        """ "biggest orders": by what a row is worth; for groups it is asked by what."""
        reading = self._reading
        verb = verbs[-1].carries if verbs else ""
        worth = amount_of(reading, reading.base)
        if rank.rows:
            pay = next((ref.field for ref in reading.own() if ref.role is Role.PAY), None)
            rank.by = pay if verb == "earn" and pay is not None else worth
            if isinstance(rank.by, Field):
                reading.assume(text("The rows are ranked by {column}.", column=rank.by.column))
            if rank.by is None:
                raise Unclear(
                    text(
                        "I don't know by what to rank the rows of {path}. Say “… by” and a column.",
                        path=reading.base.path,
                    )
                )
            return True
        options = {measure.name.replace("_", " "): measure for measure in self._totals(worth)}
        if verb not in {"spend", "earn"} or not options:
            options[text("number of rows")] = reading.measure("count", None)
        chosen = next(iter(options))
        if len(options) > 1:
            chosen = reading.choose("ranked by", text("Ranked by what?"), tuple(options)[:6])
        rank.by = options[chosen]
        return True

    def _by_quality(self, sign: Mark, rank: Rank) -> bool:
        """ "best", "worst" without a figure: nobody says what is good, so that is asked."""
        reading = self._reading
        scores = [ref for ref in reading.own() if ref.role is Role.SCORE and ref.column.numeric]
        others = [
            ref
            for ref in reading.vocabulary.numbers()
            if ref.file.path == reading.base.path and ref not in scores
        ]
        made: dict[str, Measure | Operand] = {}
        for ref in (*scores, *others):
            if rank.rows:
                made[ref.name] = ref.field
            else:
                measure = reading.measure(
                    "avg" if ref.role in AVERAGED or ref.role in OPEN else "sum", ref.field
                )
                made[measure.name.replace("_", " ")] = measure
        if not rank.rows:
            made[text("number of rows")] = reading.measure("count", None)
        if not made:
            raise Unclear(text("I don't know by what to rank that. Say “by” and a column."))
        names = tuple(made)[:6]
        rank.by = made[
            reading.choose(f"{sign.words} by", text("“{words}” by what?", words=sign.words), names)
        ]
        return True

    def _totals(self, worth: Operand | None) -> list[Measure]:
        reading = self._reading
        found = [reading.measure("sum", worth)] if worth is not None else []
        more = (ref for ref in reading.own() if ref.role is Role.QUANTITY and ref.column.numeric)
        return found + [reading.measure("sum", ref.field) for ref in more if ref.field != worth]

    def people(self) -> Mark | None:
        """What "who" is about: the persons of the file, or those its rows lead to."""
        reading = self._reading
        near = reading.files.reachable(reading.base.path, reading.links)
        for file in (reading.base, *near):
            if {concept(word) for word in row_noun(file).split()} & PEOPLE or holds_people(file):
                return Mark("E", "person", term=Term(noun=file))
        refs = [ref for ref in reading.own() if _is_person(ref)]
        return Mark("C", "person", term=Term(refs=tuple(refs[:6]))) if refs else None


def is_sold(reading: Reading) -> bool:
    """Whether rows of another file sell those that are asked about."""
    links = (link for link in reading.files.links if link.single == reading.base.path)
    return any(_sells(reading.files.by_path[link.many]) for link in links)


def _sells(file: FileInfo) -> bool:
    roles = {role_of(column, file.rows) for column in file.columns}
    return bool(roles & {Role.AMOUNT, Role.QUANTITY})


def holds_people(file: FileInfo) -> bool:
    """Whether its rows have names, and what only people have besides."""
    words = {concept(word) or word for column in file.columns for word in words_of(column)}
    named = any(role_of(column, file.rows) is Role.NAME for column in file.columns)
    return named and len(words & _OF_PEOPLE) > 1


def _is_person(ref: Ref) -> bool:
    if ref.column.numeric or ref.role not in {Role.CATEGORY, Role.NAME}:
        return False
    return bool({concept(word) for word in ref.words} & PEOPLE) or ref.words == ("name",)


def _dated(refs: Sequence[Ref], kind: str) -> Ref | None:
    return next((r for r in refs if r.role is Role.DATE and kind in map(concept, r.words)), None)


def number_of(marks: Sequence[Mark], target: Mark, sign: Mark) -> int | None:
    """How many are asked for; 1 for "the biggest order", None where nobody says."""
    number = next((mark.number for mark in marks if mark.letter == "N"), None)
    if number is not None:
        if number != int(number) or number < 1:
            words = f"{sign.words} {number:g}"
            raise Unclear(text("“{words}” isn't a number of rows.", words=words))
        return int(number)
    last = target.words.casefold().split()[-1:]
    return 1 if not last or last[0] == singular(last[0]) else None
