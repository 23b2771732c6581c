"""Conditions in words → SQL: spans of time, comparisons, and values seen in a column."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from memory.model.work.value import Column, FileInfo
from planner.offline.data.columns import find_column, holding_value, is_date, plain
from planner.offline.data.query import Measure, date_of, identifier, literal
from planner.offline.grammar.words import FUNCTIONS
from planner.offline.time.dates import Span, take_span

_OPERATORS: tuple[tuple[str, str], ...] = (
    (r"is not|isn't|are not|other than|except(?: for)?|excluding|without|not|!=|<>", "<>"),
    (r"at least|no less than|>=|from", ">="),
    (r"at most|no more than|up to|<=", "<="),
    (r"(?:is |are |was )?(?:over|above|more than|greater than|higher than|larger than|exceed(?:s|ing)|bigger than)|>", ">"),
    (r"(?:is |are |was )?(?:under|below|less than|lower than|fewer than|smaller than)|<", "<"),
    (r"is equal to|equal(?:s|ing| to)|is exactly|exactly|is|are|was|==|=", "="),
)  # fmt: skip
_ANY = "|".join(pattern for pattern, _ in _OPERATORS)
_NUMBER = r"[$€£]?-?\d[\d,]*(?:\.\d+)?[km]?\b"


class Asking(Protocol):
    """What conditions need of the reading they belong to."""

    file: FileInfo
    today: date

    def column(self, phrase: str, *, number: bool = False) -> Column | None:
        """The column for a phrase."""
        ...

    def choose(self, slot: str, question: str, options: tuple[str, ...]) -> str:
        """The answer given to a question, or its first option with the question left open."""
        ...

    def date_column(self) -> tuple[Column, bool] | None:
        """The file's column of dates, and whether it has to be cast."""
        ...


class Conditions:
    """Collects filters while their words are taken out of the text."""

    def __init__(self, reading: Asking) -> None:
        self._reading = reading
        self.filters: list[str] = []
        self.having: list[str] = []
        self.words: list[str] = []
        self._group = ""

    def take_spans(self, text: str) -> str:
        """Take out spans of time, where the file has dates to hold against them."""
        while True:
            try:
                span, left = take_span(text, self._reading.today)
            except ValueError:
                return text
            if span is None:
                return text
            sql = self._span_sql(span)
            if sql is None:
                return text
            self.filters.append(sql)
            self.words.append(_span_words(span))
            text = left

    def take_comparisons(self, text: str, measures: Sequence[Measure], group: str = "") -> str:
        """Take out "where units is over 100", "over 100", "region is not North"."""
        pattern = re.compile(
            rf"(?:\b(?:where|with|whose|when|if|that have|having|and)\b )?(?:the )?"
            rf"(?P<column>[\w'’-]+(?: [\w'’-]+)?)? ?(?:(?<=\s)|(?<=^))(?P<op>{_ANY}) ?"
            rf"(?P<value>{_NUMBER}|'[^']*'|“[^”]*”|[\w'’-]+(?: [\w'’-]+)?)"
        )
        self._group = group
        place = 0
        while match := pattern.search(text, place):
            taken = self._comparison(match, measures)
            if taken is None:
                place = max(match.start() + 1, match.start("op") + 1)
                continue
            text = f"{text[: taken[0]]} {text[taken[1] :]}"
            place = 0
        return text

    def take_values(self, text: str) -> str:
        """Take out values that were seen in a column: "for North", "only the north region"."""
        columns = [one for one in self._reading.file.columns if not one.numeric]
        found: dict[str, list[str]] = {}
        names: dict[str, Column] = {}
        words = re.findall(r"[^\s,]+", text)
        left: list[str] = []
        place = 0
        while place < len(words):
            for count in (3, 2, 1):
                part = " ".join(words[place : place + count]).strip("“”'\"")
                held = holding_value(part, columns) if len(part) > 1 else ()
                if held and len(words[place : place + count]) == count:
                    column, sample = held[0]
                    found.setdefault(column.name, []).append(sample)
                    names[plain(column.name)] = column
                    before = find_column(left[-1], [column]) if left else None
                    if before is not None and before.sure:
                        left.pop()
                    place += count
                    break
            else:
                left.append(words[place])
                place += 1
        for name, values in found.items():
            self._add_values(name, values)
        return f" {' '.join(word for word in left if plain(word) not in names)} " if found else text

    def _add_values(self, column: str, values: Sequence[str]) -> None:
        told = [literal(value) for value in dict.fromkeys(values)]
        test = f"= {told[0]}" if len(told) == 1 else f"IN ({', '.join(told)})"
        self.filters.append(f"{identifier(column)} {test}")
        self.words.append(" or ".join(dict.fromkeys(values)))

    def _comparison(
        self, match: "re.Match[str]", measures: Sequence[Measure]
    ) -> tuple[int, int] | None:
        operator = next(sql for words, sql in _OPERATORS if re.fullmatch(words, match["op"]))
        value = match["value"].strip("“”'")
        number = _number(value)
        if number is not None:
            return self._numeric(match, operator, number, measures)
        column, start = self._named(match)
        if column is None and operator == "=":
            return None
        quoted = match["value"][:1] in "'“"
        for count in (2, 1):
            part = " ".join(value.split()[:count])
            held = holding_value(part, [column] if column else self._reading.file.columns)
            if held and operator in {"=", "<>"}:
                end = match.end("value") if quoted else match.start("value") + len(part)
                return start, self._listed(held[0], operator, match.string, end)
        if column is None or operator not in {"=", "<>"} or not (
            quoted or match["op"] in {"=", "==", "equals"} or "where" in match.group()
        ):  # fmt: skip
            return None
        first = value if quoted else value.split()[0]
        self._equal(column, operator, first)
        return start, match.end("value") if quoted else match.start("value") + len(first)

    def _listed(self, held: tuple[Column, str], operator: str, text: str, end: int) -> int:
        """Add "is Lamp or Desk or …" as one condition; where its words end."""
        column, first = held
        values = [first]
        while more := re.compile(r"\s*(?:,|or|and|nor)+ +“?([\w'’-]+(?: [\w'’-]+)?)”?").match(
            text, end
        ):
            found = next(
                (
                    (sample, more.start(1) + len(part))
                    for part in (more[1], more[1].split()[0])
                    for _, sample in holding_value(part, [column])
                ),
                None,
            )
            if found is None:
                break
            values.append(found[0])
            end = found[1]
        if len(values) == 1:
            self._equal(column, operator, first)
            return end
        told = ", ".join(literal(value) for value in values)
        self.filters.append(
            f"{identifier(column.name)} {'IN' if operator == '=' else 'NOT IN'} ({told})"
        )
        names = " or ".join(values)
        self.words.append(names if operator == "=" else f"not {names}")
        return end

    def _equal(self, column: Column, operator: str, value: str) -> None:
        self.filters.append(f"lower({identifier(column.name)}) {operator} {literal(value.lower())}")
        self.words.append(value if operator == "=" else f"not {value}")

    def _numeric(
        self,
        match: "re.Match[str]",
        operator: str,
        number: float,
        measures: Sequence[Measure],
    ) -> tuple[int, int] | None:
        column, start = self._named(match, number=True)
        function = re.search(rf"\b({'|'.join(FUNCTIONS)})\b", match["column"] or "")
        if match["op"] == "from":
            return None
        if column is None and measures and measures[0].column:
            column = find_column(measures[0].column, self._reading.file.columns).column  # type: ignore[union-attr] # a measure's column is there
            start = match.start("op")
            function = function or self._means_groups(
                match.group("op", "value"), measures[0], groupwise="groupwise" in match.string
            )
        if column is None or is_date(column):
            return None
        test = f"{operator} {literal(number)}"
        wanted = FUNCTIONS.get(function[1]) if function else None
        same = [one for one in measures if one.column == column.name and wanted == one.function]
        if wanted and same:
            self.having.append(f"{same[0].sql()} {test}")
        else:
            self.filters.append(f"{identifier(column.name)} {test}")
        self.words.append(f"{column.name} {operator} {match['value'].strip()}")
        return start, match.end("value")

    def _means_groups(
        self, said: tuple[str, ...], measure: Measure, *, groupwise: bool
    ) -> "re.Match[str] | None":
        """Whether a bare "over 1000" is about each group's figure: asked, for it is either."""
        if not self._group:
            return None
        per_group = f"each {self._group}'s {measure.name.replace('_', ' ')}"
        word = next(word for word, sql in FUNCTIONS.items() if sql == measure.function)
        if groupwise:
            return re.match(r"(\w+)", word)
        chosen = self._reading.choose(
            f"{' '.join(said)} means",
            f"What has to be {' '.join(said).strip()}?",
            (per_group, f"each row's {measure.column}"),
        )
        return re.match(r"(\w+)", word) if chosen == per_group else None

    def _named(self, match: "re.Match[str]", *, number: bool = False) -> tuple[Column | None, int]:
        """The column before the operator, and where the condition begins in the text."""
        phrase = re.sub(r" ?\b(?:is|are|was|were|being|be)$", "", match["column"] or "")
        words = phrase.split()
        for count in (2, 1):
            part = " ".join(words[-count:])
            found = find_column(part, self._reading.file.columns) if part else None
            if found and found.sure and len(words[-count:]) == count:
                whole = count == len(words)
                start = match.start()
                if not whole:
                    start = match.start("column") + len(phrase) - len(part)
                return found.column, start
        explicit = re.match(r"\b(where|with|whose|having)\b", match.group().strip())
        if explicit and words:
            asked = self._reading.column(words[-1], number=number)
            return asked, match.start()
        return None, match.start("op")

    def _span_sql(self, span: Span) -> str | None:
        found = self._reading.date_column()
        if found is None:
            return self._whole_year(span)
        column = date_of(found[0].name, cast=found[1])
        parts = []
        if span.quarter:
            parts.append(f"quarter({column}) = {span.quarter}")
        if span.month:
            parts.append(f"month({column}) = {span.month}")
        if span.start:
            parts.append(f"{column} >= DATE '{span.start.isoformat()}'")
        if span.end:
            parts.append(f"{column} < DATE '{span.end.isoformat()}'")
        return " AND ".join(parts)

    def _whole_year(self, span: Span) -> str | None:
        """A year, quarter or month against columns that are called so."""
        columns = self._reading.file.columns
        if span.start and span.end and (span.end - span.start).days >= 365:
            year = find_column("year", columns)
            return f"{identifier(year.column.name)} = {span.start.year}" if year else None
        named = "quarter" if span.quarter else "month" if span.month else ""
        match = find_column(named, columns) if named else None
        if match is None:
            return None
        held = [s for s in match.column.samples if s.lower().lstrip("q") == str(span.quarter)]
        if match.column.numeric:
            return f"{identifier(match.column.name)} = {span.quarter or span.month}"
        return f"{identifier(match.column.name)} = {literal(held[0])}" if held else None


def _number(text: str) -> float | int | None:
    if not re.fullmatch(_NUMBER, text):
        return None
    plain_text = text.strip("$€£").replace(",", "").lower()
    scale = {"k": 1_000, "m": 1_000_000}.get(plain_text[-1], 1)
    number = float(plain_text.rstrip("km")) * scale
    return int(number) if number.is_integer() else number


def _span_words(span: Span) -> str:
    if span.quarter:
        return f"Q{span.quarter} of every year"
    if span.month:
        return f"month {span.month} of every year"
    if span.start and span.end:
        if span.start.month == span.start.day == 1 and (span.end - span.start).days in {365, 366}:
            return str(span.start.year)
        return f"{span.start} to before {span.end}"
    return f"since {span.start}" if span.start else f"before {span.end}"
