"""Conditions in words → SQL: spans of time, comparisons, and values seen in a column."""

import re
from collections.abc import Iterator, Sequence

from memory.model.text import text
from memory.model.work.value import Column
from planner.offline.data.columns import (
    LONGEST,
    find_column,
    holding_value,
    is_date,
    plain,
    sure_column,
)
from planner.offline.data.query import Measure, Query, date_of, identifier, literal
from planner.offline.data.reading import Reading
from planner.offline.grammar.words import FUNCTION, FUNCTIONS, without
from planner.offline.time.dates import Span, take_span

_OPERATORS: tuple[tuple[str, str], ...] = (
    (r"is not|isn't|are not|other than|except(?: for)?|excluding|without|not|!=|<>", "<>"),
    (r"at least|no less than|>=|from", ">="),
    (r"at most|no more than|up to|<=", "<="),
    (r"(?:is |are |was )?(?:over|above|more than|greater than|higher than|larger than|exceed(?:s|ing)|bigger than)|>", ">"),
    (r"(?:is |are |was )?(?:under|below|less than|lower than|fewer than|smaller than)|<", "<"),
    (r"is equal to|equal(?:s|ing| to)|is exactly|exactly|is|are|was|==|=", "="),
)  # fmt: skip
_NUMBER = r"[$€£]?-?\d[\d,]*(?:\.\d+)?[km]?\b"
_COMPARISON = re.compile(
    r"(?:\b(?:where|with|whose|when|if|that have|having|and)\b )?(?:the )?"
    r"(?P<column>[\w'’-]+(?: [\w'’-]+)?)? ?(?:(?<=\s)|(?<=^))"
    rf"(?P<op>{'|'.join(pattern for pattern, _ in _OPERATORS)}) ?"
    rf"(?P<value>{_NUMBER}|'[^']*'|“[^”]*”|[\w'’-]+(?: [\w'’-]+)?)"
)
_MORE = re.compile(r"\s*(?:,|or|and|nor)+ +“?([\w'’-]+(?: [\w'’-]+)?)”?")

Taken = tuple[int, int] | None
"""From where to where a condition stands in the text."""


class Conditions:
    """Collects filters while their words are taken out of the text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.filters: list[str] = []
        self.having: list[str] = []
        self.words: list[str] = []

    def take_spans(self, text: str) -> str:
        """Take out spans of time, where the file has dates to hold against them."""
        while True:
            try:
                span, left = take_span(text, self._reading.today)
            except ValueError:  # no such day: its words stay, unread
                return text
            sql = self._span_sql(span) if span is not None else None
            if span is None or sql is None:
                return text
            self.filters.append(sql)
            self.words.append(_span_words(span))
            text = left

    def take_comparisons(self, text: str, asked: Query) -> str:
        """Take out "where units is over 100", "over 100", "region is not North".

        `asked`: the figures and groups that a bare "over 100" may be about.
        """
        place = 0
        while match := _COMPARISON.search(text, place):
            taken = self._comparison(match, asked)
            place = 0 if taken else max(match.start() + 1, match.start("op") + 1)
            text = without(text, *taken) if taken else text
        return text

    def take_values(self, text: str) -> str:
        """Take out values that were seen in a column: "for North", "only the north region"."""
        words = re.findall(r"[^\s,]+", text)
        values: dict[str, list[str]] = {}
        left: list[str] = []
        while words:
            column, sample, count = self._value_at(words)
            if column is None:
                left.append(words.pop(0))
                continue
            values.setdefault(column.name, []).append(sample)
            if left and sure_column(left[-1], [column]):
                left.pop()
            del words[:count]
        if not values:
            return text
        for name, samples in values.items():
            self._keep(name, list(dict.fromkeys(samples)))
        names = {plain(name) for name in values}
        return f" {' '.join(word for word in left if plain(word) not in names)} "

    def _value_at(self, words: list[str]) -> tuple[Column | None, str, int]:
        """The value the words begin with, the longest first, its column and its length."""
        columns = [column for column in self._reading.columns if not column.numeric]
        for count in range(min(LONGEST, len(words)), 0, -1):
            value = " ".join(words[:count]).strip("“”'\"")
            for column, sample in holding_value(value, columns) if len(value) > 1 else ():
                return column, sample, count
        return None, "", 0

    def _comparison(self, match: "re.Match[str]", asked: Query) -> Taken:
        operator = next(sql for words, sql in _OPERATORS if re.fullmatch(words, match["op"]))
        if _number(match["value"]) is not None:
            return self._numeric(match, operator, asked)
        return self._equal(match, operator) if operator in {"=", "<>"} else None

    def _equal(self, match: "re.Match[str]", operator: str) -> Taken:
        """ "region is North", "product is not Lamp or Desk", "customer name = “Acme”"."""
        column, start = self._named(match)
        if column is None and operator == "=":
            return None
        value, quoted = match["value"].strip("“”'"), match["value"][:1] in "'“"
        words = [value] if quoted else [value, value.split()[0]]
        at = match.start("value") + quoted
        columns = [column] if column else self._reading.columns
        for held, sample, end in _seen(words, at, columns):
            samples, end_of_all = _more_values(match.string, end + quoted, held)
            self._keep(held.name, [sample, *samples], operator, any_case=True)
            return start, end_of_all
        explicit = quoted or match["op"] in {"=", "==", "equals"} or "where" in match.group()
        if column is None or not explicit:
            return None
        self._keep(column.name, words[-1:], operator, any_case=True)
        return start, at + len(words[-1]) + quoted

    def _keep(
        self, name: str, values: Sequence[str], operator: str = "=", *, any_case: bool = False
    ) -> None:
        """Add the filter that the column is, or is not, one of the values."""
        column, several = identifier(name), ", ".join(literal(value) for value in values)
        shown = " or ".join(values)
        self.words.append(shown if operator == "=" else f"not {shown}")
        if len(values) > 1:
            self.filters.append(f"{column} {'IN' if operator == '=' else 'NOT IN'} ({several})")
        elif any_case:
            self.filters.append(f"lower({column}) {operator} {literal(values[0].lower())}")
        else:
            self.filters.append(f"{column} {operator} {several}")

    def _numeric(self, match: "re.Match[str]", operator: str, asked: Query) -> Taken:
        """ "units over 10" of the rows, "total revenue over 1000" of the groups."""
        if match["op"] == "from":
            return None
        column, start = self._named(match, number=True)
        words = re.search(rf"\b({FUNCTION})\b", match["column"] or "")
        figure = Measure(FUNCTIONS[words[1]], column.name) if words and column else None
        if column is None and asked.measures:  # "over 10" is about the figure that stands before it
            figure, start = asked.measures[0], match.start("op")
            column = sure_column(figure.column, self._reading.columns)
        if column is None or is_date(column):
            return None
        if words is None and figure and not self._by_group(match, asked):
            figure = None
        test = f"{operator} {literal(_number(match['value']) or 0)}"
        if figure is not None and figure in asked.measures:
            self.having.append(f"{figure.sql()} {test}")
        else:
            self.filters.append(f"{identifier(column.name)} {test}")
        self.words.append(f"{column.name} {operator} {match['value'].strip()}")
        return start, match.end("value")

    def _by_group(self, match: "re.Match[str]", asked: Query) -> bool:
        """Whether a bare "over 1000" is about each group's figure: asked, for it is either."""
        if not asked.groups or "groupwise" in match.string:
            return bool(asked.groups)
        words = f"{match['op']} {match['value']}"
        group, measure = asked.groups[0].name, asked.measures[0]
        figure = measure.name.replace("_", " ")
        per_group = text("each {group}'s {figure}", group=group, figure=figure)
        per_row = text("each row's {column}", column=measure.column)
        question = text("What should be {condition}?", condition=words.strip())
        return self._reading.choose(f"{words} means", question, (per_group, per_row)) == per_group

    def _named(self, match: "re.Match[str]", *, number: bool = False) -> tuple[Column | None, int]:
        """The column before the operator, and where the condition begins in the text."""
        phrase = re.sub(r" ?\b(?:is|are|was|were|being|be)$", "", match["column"] or "")
        words = phrase.split()
        for name in dict.fromkeys((" ".join(words[-2:]), *words[-1:])):
            column = sure_column(name, self._reading.columns)
            if column is not None and name == " ".join(words):
                return column, match.start()
            if column is not None:
                return column, match.start("column") + len(phrase) - len(name)
        if words and re.match(r"\b(where|with|whose|having)\b", match.group().strip()):
            return self._reading.column(words[-1], number=number), match.start()
        return None, match.start("op")

    def _span_sql(self, span: Span) -> str | None:
        dates = self._reading.date_column()
        if dates is None:
            return self._by_name(span)
        column = date_of(dates[0].name, cast=dates[1])
        tests = [f"{span.unit}({column}) = {span.number}"] if span.unit else []
        tests += [f"{column} >= DATE '{span.start.isoformat()}'"] if span.start else []
        tests += [f"{column} < DATE '{span.end.isoformat()}'"] if span.end else []
        return " AND ".join(tests)

    def _by_name(self, span: Span) -> str | None:
        """A year, quarter or month against a column that is called so."""
        unit, number = ("year", span.year) if span.year else (span.unit, span.number)
        match = find_column(unit, self._reading.columns)
        if match is None:
            return None
        name = identifier(match.column.name)
        if match.column.numeric or unit == "year":
            return f"{name} = {number}"
        held = [s for s in match.column.samples if s.lower().lstrip("q") == str(number)]
        return f"{name} = {literal(held[0])}" if held else None


def _more_values(text: str, end: int, column: Column) -> tuple[list[str], int]:
    """The values that follow with "or", and where they end."""
    values: list[str] = []
    while more := _MORE.match(text, end):
        seen = next(_seen([more[1], more[1].split()[0]], more.start(1), [column]), None)
        if seen is None:
            break
        values.append(seen[1])
        end = seen[2]
    return values, end


def _seen(
    words: Sequence[str], start: int, columns: Sequence[Column]
) -> Iterator[tuple[Column, str, int]]:
    """Values that were seen in a column: it, the value's spelling there, and where the words end."""
    for value in words:
        for column, sample in holding_value(value, columns):
            yield column, sample, start + len(value)


def _number(words: str) -> float | int | None:
    digits = words.strip("“”'")
    if not re.fullmatch(_NUMBER, digits):
        return None
    digits = digits.strip("$€£").replace(",", "").lower()
    number = float(digits.rstrip("km")) * {"k": 1_000, "m": 1_000_000}.get(digits[-1], 1)
    return int(number) if number.is_integer() else number


def _span_words(span: Span) -> str:
    if span.unit:
        which = f"Q{span.number}" if span.unit == "quarter" else f"month {span.number}"
        return text("{which} of every year", which=which)
    if span.year:
        return str(span.year)
    if span.start and span.end:
        return text("{start} to before {end}", start=span.start, end=span.end)
    if span.start:
        return text("since {start}", start=span.start)
    return text("before {end}", end=span.end)
