"""The biggest, the latest, the best by something; and in what order the result comes."""

from collections.abc import Sequence

from planner.questions.readers.figures import file_of
from planner.questions.readers.ranked import Ranker, number_of
from planner.questions.readers.state import Rank, Reading
from planner.questions.readers.values import Values
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Field, Function, Order
from planner.questions.words.marks import Line, Mark

FIGURE = r"(?:F[CEA]|!d?[CE]|R?H?[CEA])"


def take_order(line: Line, reading: Reading) -> None:
    """Take out "sorted by …", "highest first"."""

    def sort(marks: list[Mark]) -> bool:
        down = any(mark.letter == "D" for mark in marks)
        keys = [mark for mark in marks if mark.letter in "CEGAF!~"]
        if not keys:
            return any(mark.letter in "UD" for mark in marks) and _keep(reading, "", down=down)
        mark = keys[-1]
        if mark.letter == "C":
            ref = reading.ref(mark)
            return ref is not None and _keep(reading, ref.field, down=down)
        if mark.letter == "~":
            return False
        return _keep(reading, mark.carries if mark.letter == "G" else "", down=down)

    line.take(r"S[F!]*d?[CGEA]?[UD]?(?![UD])|SU|SD|(?<![BS])[UD]", sort)


def _keep(reading: Reading, by: str | Field, *, down: bool) -> bool:
    if reading.parts.order:
        return False  # a second one contradicts the first: it stays unread
    reading.parts.order.append(Order(by=by, descending=down))
    return True


def take_ranking(line: Line, reading: Reading) -> None:
    """Take out what asks for the first so many, and what is ranked by what."""
    ranking = _Ranking(reading)
    for before in (r"(?<=[TL])V+(?=[EC])", r"(?<=[TL]N)V+(?=[EC])"):  # "the 5 biggest open orders"
        line.drop(before, Values(reading).values)
    line.take(r"WI?[TL][EK]", ranking.when)
    line.take(rf"W?I?N?[TL]N?[CEG][wKI]*B{FIGURE}", ranking.by_figure)
    line.take(rf"WN?[CEG][IwKV,]*N?[TL]N?(?:{FIGURE}|G)?(?:B{FIGURE})?K?", ranking.which)
    line.take(rf"[Ww]I?w?K?[TL](?:{FIGURE})?", ranking.who)
    line.take(r"[Ww]I?C[TL](?![CEAF!])", ranking.who_when)
    line.take(rf"N?[CE][wIK]+[TL]N?{FIGURE}", ranking.having_most)
    line.take(r"N?[TL]N?G[CA]", ranking.of_time)
    line.take(r"N?[TL]N?[CE](?![F!CE])", ranking.superlative)
    line.take(r"N[TL]|[TL]N", ranking.rows)


class _Ranking:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._ranker = Ranker(reading)

    def when(self, marks: list[Mark]) -> bool:
        """ "when was the last order"."""
        if marks[0].carries != "when" or marks[-1].letter != "E":
            return False
        sign = marks[-2]
        field = self._reading.date_field(file_of(marks[-1], self._reading).path)
        if field is None or sign.carries != "date":
            return False
        self._reading.parts.measures.append(
            self._reading.measure("max" if sign.letter == "T" else "min", field)
        )
        return True

    def by_figure(self, marks: list[Mark]) -> bool:
        """ "top 5 products by revenue"."""
        cut = max(n for n, mark in enumerate(marks) if mark.letter == "B")
        sign = _sign(marks)
        target = next(mark for mark in marks[:cut] if mark.letter in "CEG")
        if (
            target.letter == "C"
            and (ref := self._reading.ref(target)) is not None
            and ref.role in MEASURES
        ):
            return False
        if self._names_groups(target, marks[cut + 1 :]):
            return False
        return self._ranker.rank(sign, target, marks[cut + 1 :], number_of(marks, target, sign))

    def _names_groups(self, target: Mark, figure: Sequence[Mark]) -> bool:
        """ "the 3 biggest orders per region": what stands behind "per" is no figure of a row."""
        last = figure[-1]
        rows = (
            target.letter == "E" and file_of(target, self._reading).path == self._reading.base.path
        )
        ref = self._reading.ref(last) if rows and len(figure) == 1 and last.letter == "C" else None
        return ref is not None and ref.role not in MEASURES | {Role.DATE, Role.YEAR}

    def which(self, marks: list[Mark]) -> bool:
        """ "which product sold the most units", "which month had the highest revenue"."""
        target, sign = next(mark for mark in marks if mark.letter in "CEG"), _sign(marks)
        place = marks.index(sign)
        figure = [mark for mark in marks[place + 1 :] if mark.letter not in "NBG"]
        verbs = [mark for mark in marks if mark.letter == "K"]
        figure = [mark for mark in figure if mark.letter != "V"]
        if not [mark for mark in figure if mark.letter != "K"]:
            figure = []
        else:
            figure = [mark for mark in figure if mark.letter != "K"]
        ranked = self._ranker.rank(sign, target, figure, number_of(marks, target, sign), verbs)
        for mark in marks if ranked else ():
            if mark.letter == "V":
                Values(self._reading).values([mark])
        return ranked

    def who(self, marks: list[Mark]) -> bool:
        if not marks[0].words.startswith("who"):
            return False
        sign = _sign(marks)
        people = self._ranker.people()
        if people is None:
            return False
        verbs = [mark for mark in marks if mark.letter == "K"]
        figure = marks[marks.index(sign) + 1 :]
        return self._ranker.rank(sign, people, figure, 1, verbs)

    def who_when(self, marks: list[Mark]) -> bool:
        """ "who was hired first"."""
        ref = self._reading.ref(next(mark for mark in marks if mark.letter == "C"), Role.DATE)
        sign = _sign(marks)
        if ref is None or sign.carries != "date" or ref.file != self._reading.base:
            return False
        rank = Rank(descending=sign.letter == "T", number=1, by=ref.field, rows=True)
        self._reading.parts.rank = self._reading.parts.rank or rank
        return True

    def having_most(self, marks: list[Mark]) -> bool:
        """ "the employee with the highest salary"."""
        sign = _sign(marks)
        target = next(mark for mark in marks if mark.letter in "CE")
        if (
            target.letter == "C"
            and (ref := self._reading.ref(target)) is not None
            and ref.role in MEASURES
        ):
            return False
        verbs = [mark for mark in marks[: marks.index(sign)] if mark.letter == "K"]
        figure = [mark for mark in marks[marks.index(sign) + 1 :] if mark.letter != "N"]
        return self._ranker.rank(sign, target, figure, number_of(marks, target, sign), verbs)

    def of_time(self, marks: list[Mark]) -> bool:
        """ "the best month for turnover"."""
        sign, ref = _sign(marks), self._reading.ref(marks[-1]) if marks[-1].letter == "C" else None
        if sign.carries not in {"max", "min"} or (ref is not None and ref.role not in MEASURES):
            return False
        target = marks[-2]
        return self._ranker.rank(sign, target, marks[-1:], number_of(marks, target, sign))

    def superlative(self, marks: list[Mark]) -> bool:
        """ "the 10 biggest orders", "the cheapest product", "top 3 regions"."""
        sign, target = _sign(marks), marks[-1]
        if target.letter == "E" and sign.words.split()[-1] in {"most", "least", "fewest"}:
            return False
        if target.letter == "C":
            ref = self._reading.ref(target)
            if ref is None or (ref.role in MEASURES and sign.carries in {"max", "min"}):
                return False
            if ref.role is Role.DATE:
                function: Function = "max" if sign.letter == "T" else "min"
                self._reading.parts.measures.append(self._reading.measure(function, ref.field))
                return True
        return self._ranker.rank(sign, target, [], number_of(marks, target, sign))

    def rows(self, marks: list[Mark]) -> bool:
        """ "the first 10 rows", "only the top 5"."""
        sign = _sign(marks)
        number = int(next(mark.number or 0 for mark in marks if mark.letter == "N"))
        rank = Rank(descending=sign.letter == "T", number=number)
        if sign.carries == "date":
            rank.rows = True
            field = self._reading.date_field() if sign.words != "first" else None
            if field is None and sign.letter == "T":
                self._reading.unread.append(f"{sign.words} {number}")
                return True
            rank.by, rank.file_order = field, field is None
        elif sign.carries not in {"max", "min"}:
            return False
        else:
            rank.sized = sign.words
        self._reading.parts.rank = rank
        return True


def _sign(marks: Sequence[Mark]) -> Mark:
    return next(mark for mark in marks if mark.letter in "TL")
