"""Words about data → a Query, with gaps where a column is not sure and words left unread.

Each step takes what it understands out of the text; what is left over was not understood, and
the planner says so rather than leave a condition out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from memory.model.value import Column, FileInfo
from planner.draft import Gap
from planner.offline.columns import (
    dated,
    find_column,
    holding_value,
    is_date,
    like_named,
    numeric,
)
from planner.offline.conditions import Conditions
from planner.offline.query import FUNCTIONS, Grain, Group, Measure, Order, Query
from planner.offline.rewording import reworded

_FUNCTION = "|".join(sorted(FUNCTIONS, key=len, reverse=True))
GRAINS: Mapping[str, Grain] = {
    "day": "day", "daily": "day", "week": "week", "weekly": "week", "month": "month",
    "monthly": "month", "quarter": "quarter", "quarterly": "quarter", "year": "year",
    "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
           "eight": 8, "nine": 9, "ten": 10, "twenty": 20}  # fmt: skip
ROWS = r"(?:rows?|records?|lines?|entries|entry|orders?|transactions?|data|items|results?)"
FILLER = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "for",
        "to",
        "from",
        "with",
        "and",
        "or",
        "by",
        "per",
        "me",
        "us",
        "my",
        "our",
        "all",
        "any",
        "some",
        "is",
        "are",
        "was",
        "were",
        "be",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "them",
        "they",
        "there",
        "total",
        "please",
        "just",
        "then",
        "also",
        "each",
        "every",
        "file",
        "table",
        "data",
        "sheet",
        "dataset",
        "spreadsheet",
        "csv",
        "figures",
        "numbers",
        "number",
        "values",
        "value",
        "what",
        "which",
        "who",
        "how",
        "do",
        "does",
        "did",
        "show",
        "list",
        "display",
        "print",
        "give",
        "get",
        "find",
        "calculate",
        "compute",
        "work",
        "out",
        "tell",
        "return",
        "sort",
        "sorted",
        "ordered",
        "order",
        "rank",
        "ranked",
        "group",
        "grouped",
        "aggregate",
        "query",
        "filter",
        "keep",
        "only",
        "up",
        "break",
        "broken",
        "down",
        "see",
        "look",
        "at",
        "want",
        "need",
        "i",
        "we",
        "you",
        "can",
        "could",
        "would",
        "like",
        "have",
        "has",
        "results",
        "result",
        "one",
        "ones",
        "as",
        "into",
        "at",
        "what's",
        "whats",
        "who's",
        "that's",
        "groupwise",
        "where",
        "when",
        "whose",
        "than",
        "row",
        "rows",
        "record",
        "records",
        "select",
        "pick",
        "distinct",
        "unique",
        "different",
        "first",
        "top",
        "across",
        "compare",
        "comparison",
        "between",
        "make",
        "create",
        "using",
        "use",
        "overall",
        "altogether",
        "sums",
        "saved",
        "save",
        "called",
        "titled",
        "named",
        "breakdown",
        "statistics",
        "stats",
        "grand",
        "entire",
        "whole",
        "column",
        "columns",
        "field",
        "now",
        "so",
        "out",
    ]
)


@dataclass
class Reading:
    """One reading of one clause: what was taken out so far, and what it opened."""

    file: FileInfo
    answers: Mapping[str, str]
    today: date
    gaps: list[Gap] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def column(self, phrase: str, *, number: bool = False) -> Column | None:
        """The column for a phrase; where it is not sure a gap is left and the likeliest taken."""
        phrase = " ".join(word for word in phrase.split() if word not in {"the", "all", "of"})
        pool = numeric(self.file.columns) if number else self.file.columns
        match = find_column(phrase, pool)
        if match is not None and match.sure:
            return match.column
        likely = match.column if match else like_named(phrase, pool)
        if likely is None and not (number and pool):
            return None
        return self._asked(phrase, likely or pool[0], pool)

    def date_column(self) -> tuple[Column, bool] | None:
        """The file's column of dates, and whether it has to be cast."""
        found = dated(self.file.columns)
        if not found:
            return None
        chosen = found[0] if len(found) == 1 else self._asked("date", found[0], found)
        return chosen, chosen.type.upper().startswith("VARCHAR")

    def choose(self, slot: str, question: str, options: tuple[str, ...]) -> str:
        """The answer given to a question, or its first option with the question left open."""
        slot = f"{self.file.path}:{slot}"
        answer = self.answers.get(slot, "")
        if answer in options:
            return answer
        self.gaps.append(
            Gap(slot=slot, question=question, options=options, default=options[0], matters="plan")
        )
        return options[0]

    def _asked(self, phrase: str, likely: Column, pool: tuple[Column, ...]) -> Column:
        slot = f"{self.file.path}:{phrase} column"
        answer = self.answers.get(slot)
        if answer is not None:
            said = find_column(answer, self.file.columns)
            if said is not None:
                return said.column
        self.gaps.append(
            Gap(
                slot=slot,
                question=f"Which column of {self.file.path} is “{phrase}”?",
                options=tuple(column.name for column in pool)[:6],
                default=likely.name,
                matters="plan",
            )
        )
        return likely


def read_query(text: str, reading: Reading, before: Query | None) -> Query:
    """The query the text asks for; `before` is the one it may go on from."""
    text = reworded(f" {text} ")
    conditions = Conditions(reading)
    text = conditions.take_spans(text)
    text, order, limit, ranked = _take_order(text, reading)
    groups, text = _take_groups(text, reading)
    distinct = bool(re.search(r"\b(distinct|unique|different)\b", text))
    measures, columns, text = _take_measures(text, reading, distinct=distinct)
    text = conditions.take_comparisons(
        text,
        measures or (before.measures if before else ()),
        group=(groups or (before.groups if before else ()) or (Group(""),))[0].name,
    )
    text = conditions.take_values(text)
    if not measures and not columns:
        text, measures, columns = _bare_columns(text, reading, groups)
    _leave(text, reading)
    query = Query(
        source=reading.file.path,
        measures=measures,
        groups=groups,
        filters=tuple(conditions.filters),
        having=tuple(conditions.having),
        columns=columns if not measures else (),
        limit=limit,
        distinct=distinct and not measures,
        words=tuple(conditions.words),
    )
    return _with_order(query, order, ranked, reading, before)


def _take_order(
    text: str, reading: Reading
) -> tuple[str, tuple[str, bool] | None, int | None, str]:
    """The text left, (phrase, descending), the limit, and the thing that is ranked."""
    order: tuple[str, bool] | None = None
    limit: int | None = None
    ranked = ""
    sort = re.search(
        r"\b(?<!per )(?<!each )(?<!every )(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)(?: (?:it|them|the \w+|rows|results?))?"
        r"(?: by)? ((?:(?!descending|ascending|from|desc\b|asc\b|and\b|,)[\w'’-]+ ?){0,4})"
        r"(?P<down>descending|desc\b|high(?:est)? (?:to low|first)|from high to low|largest first|"
        r"ascending|asc\b|low(?:est)? (?:to high|first)|from low to high|smallest first|)",
        text,
    )
    if sort and re.search(r"\b(sort|order|rank)(ed)? ?(it|them|the \w+)? ?by|sort", sort.group()):
        phrase, word = sort.group(1).strip(), sort["down"]
        down = bool(re.match(r"desc|high|from high|largest", word))
        order = (phrase, down)
        text = f"{text[: sort.start()]} {text[sort.end() :]}"
    loose = re.search(
        r"\b(descending|desc|(?:highest|largest|biggest) first|ascending|asc|"
        r"(?:lowest|smallest) first)\b",
        text,
    )
    if loose and order is None:
        order = ("", bool(re.match(r"desc|high|larg|big", loose[1])))
        text = f"{text[: loose.start()]} {text[loose.end() :]}"
    top = re.search(
        r"\b(?P<end>top|best|highest|largest|biggest|first|bottom|worst|lowest|smallest|last) "
        rf"(?P<n>\d+|{'|'.join(NUMBERS)})\b(?P<what>(?: (?!by\b|in\b|where\b|for\b|per\b|of\b)[\w'’-]+){{0,3}})"
        r"(?: (?:by|in|of|with the (?:most|highest|least|lowest)) (?:the )?(?P<by>(?:(?!and\b|where\b|in\b|for\b|by\b|per\b)[\w'’-]+ ?){1,4}))?",
        text,
    )
    if top:
        limit = NUMBERS.get(top["n"]) or int(top["n"])
        down = top["end"] in {"top", "best", "highest", "largest", "biggest"}
        ranked = (top["what"] or "").strip()
        if top["by"]:
            order = (top["by"].strip(), down)
        elif order is None and top["end"] not in {"first", "last"}:
            order = ("", down)
        text = f"{text[: top.start()]} {text[top.end() :]}"
    return text, order, limit, ranked


def _take_groups(text: str, reading: Reading) -> tuple[tuple[Group, ...], str]:
    groups: list[Group] = []
    adverb = re.search(r"\b(daily|weekly|monthly|quarterly|yearly|annual(?:ly)?)\b", text)
    if adverb:
        group = _group(adverb.group(), reading)
        if group:
            groups.append(group)
            text = f"{text[: adverb.start()]} {text[adverb.end() :]}"
    pattern = (
        r"\b(?:grouped by|group by|by|per|for each|for every|in each|across(?: the| all)?|each|every)"
        r" (?:the )?(?P<first>[\w'’-]+(?: [\w'’-]+){0,2})"
    )
    place = 0
    while match := re.compile(pattern).search(text, place):
        taken, names = _group_names(match["first"], reading)
        if not taken:
            place = match.end("first")
            continue
        groups += names
        text = f"{text[: match.start()]} {text[match.start('first') + taken :]}"
        more = re.match(r"\s*(?:and|,)\s+(?:by |per )?([\w'’-]+(?: [\w'’-]+){0,2})",
                        text[match.start() :])  # fmt: skip
        if more:
            taken, names = _group_names(more.group(1), reading)
            if taken:
                groups += names
                cut = match.start() + more.start(1) + taken
                text = f"{text[: match.start()]} {text[cut:]}"
        place = match.start()
    return tuple(dict.fromkeys(groups)), text


def _group_names(phrase: str, reading: Reading) -> tuple[int, list[Group]]:
    """How many characters of the phrase name a group, and the group: the longest name wins."""
    words = phrase.split(" ")
    for count in range(len(words), 0, -1):
        part = " ".join(words[:count])
        if count > 1 and words[count - 1] in {"and", "in", "for", "where", "only", "from", "with"}:
            continue
        group = _group(part, reading, sure=count > 1)
        if group:
            return len(part), [group]
    return 0, []


def _group(phrase: str, reading: Reading, *, sure: bool = False) -> Group | None:
    named = find_column(phrase, reading.file.columns)
    grain = GRAINS.get(phrase.rstrip("s")) or GRAINS.get(phrase)
    if grain and (named is None or is_date(named.column)):
        found = reading.date_column()
        return Group(found[0].name, grain, cast=found[1]) if found else None
    if named is not None and named.sure:
        return Group(named.column.name)
    if sure:
        return None
    column = reading.column(phrase)
    return Group(column.name) if column else None


def _take_measures(
    text: str,
    reading: Reading,
    *,
    distinct: bool,
) -> tuple[tuple[Measure, ...], tuple[str, ...], str]:
    found: list[Measure] = []
    counted = re.search(
        rf"\b(?:how many|number of|count(?: of| the| how many| up)?)(?: the| all)?"
        rf"(?P<distinct> distinct| unique| different)?(?: (?P<what>{ROWS}|[\w'’-]+))?",
        text,
    )
    if counted:
        column = counted["what"] and find_column(counted["what"], reading.file.columns)
        if column and column.sure and (counted["distinct"] or not column.column.numeric):
            found.append(Measure("DISTINCT", column.column.name))
        else:
            found.append(Measure("COUNT"))
        keep = "" if counted["what"] and (column or re.fullmatch(ROWS, counted["what"])) else (
            counted["what"] or ""
        )  # fmt: skip
        keep = keep if keep and holding_value(keep, reading.file.columns) else ""
        text = f"{text[: counted.start()]} {keep} {text[counted.end() :]}"
    pattern = rf"\b(?P<f>(?:{_FUNCTION})(?:(?:,| and|, and| or) (?:the )?(?:{_FUNCTION}))*)(?: up)?(?: of)?(?: the| all)?(?P<what>(?: [\w'’-]+){{1,4}})?"
    place = 0
    while match := re.compile(pattern).search(text, place):
        functions = re.findall(rf"\b(?:{_FUNCTION})\b", match["f"])
        names, taken = _measured((match["what"] or "").strip(), reading)
        if not names:
            before = re.search(r"([\w'’-]+) $", text[: match.start()])
            column = before and find_column(before.group(1), numeric(reading.file.columns))
            if before and column and column.sure:
                names, taken = [column.column.name], 0
                text = f"{text[: before.start()]}{' ' * len(before.group())}{text[match.start() :]}"
        if not names:
            phrase = _phrase((match["what"] or "").strip())
            column_asked = reading.column(phrase, number=True) if phrase else None
            if column_asked is None:
                place = match.end("f")
                continue
            names, taken = [column_asked.name], len(phrase)
            offset = (match["what"] or "").find(phrase)
            taken += max(0, offset - 1)
        for name in names:
            found += [Measure(FUNCTIONS[one], name) for one in functions]  # type: ignore[arg-type] # the table's values are these
        end = match.start("what") + 1 + taken if match["what"] and taken else match.end("f")
        text = f"{text[: match.start()]} {text[end:]}"
        place = match.start()
    columns: tuple[str, ...] = ()
    if distinct and not found:
        text, columns = _named_columns(text, reading)
    return tuple(dict.fromkeys(found)), columns, text


def _measured(phrase: str, reading: Reading) -> tuple[list[str], int]:
    """Columns named at the head of the phrase ("revenue and units"), and how far they reach."""
    names: list[str] = []
    words = phrase.split(" ")
    place = taken = 0
    while place < len(words) and words[place]:
        for count in range(min(3, len(words) - place), 0, -1):
            part = " ".join(words[place : place + count])
            match = find_column(part, numeric(reading.file.columns))
            if match and match.sure:
                names.append(match.column.name)
                place += count
                taken = len(" ".join(words[:place]))
                break
        else:
            return names, taken
        if place < len(words) and words[place] in {"and", ","}:
            place += 1
    return names, taken


def _phrase(text: str) -> str:
    """The words a function is applied to, up to the next that begins something else."""
    words = []
    for word in text.split():
        if word in {"by", "per", "for", "where", "in", "over", "and", "from", "each", "of", "with",
                    "is", "was", "across", "to", "as"}:  # fmt: skip
            break
        if word not in {"the", "all", "our", "my"}:
            words.append(word)
    return " ".join(word for word in words if word not in FILLER)[:60]


def _bare_columns(
    text: str, reading: Reading, groups: tuple[Group, ...]
) -> tuple[str, tuple[Measure, ...], tuple[str, ...]]:
    """Columns named without a function: beside a group a number is added up, else it is listed."""
    text, names = _named_columns(text, reading)
    by_name = {column.name: column for column in reading.file.columns}
    if groups:
        measures = tuple(Measure("SUM", name) for name in names if by_name[name].numeric)
        if not measures:
            phrase = _phrase(" ".join(word for word in text.split() if word not in FILLER))
            column = reading.column(phrase, number=True) if phrase else None
            if column is not None:
                text = text.replace(phrase, " ", 1)
                return text, (Measure("SUM", column.name),), ()
            return text, (Measure("COUNT"),), ()
        return text, measures, ()
    return text, (), names


def _named_columns(text: str, reading: Reading) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []
    words = text.split()
    left: list[str] = []
    place = 0
    while place < len(words):
        for count in (3, 2, 1):
            part = " ".join(words[place : place + count])
            match = find_column(part, reading.file.columns)
            if match and match.sure and (count == 1 or len(part.split()) == count):
                names.append(match.column.name)
                place += count
                break
        else:
            left.append(words[place])
            place += 1
    return f" {' '.join(left)} ", tuple(dict.fromkeys(names))


def _leave(text: str, reading: Reading) -> None:
    words = [word for word in re.findall(r"[\w'’-]+", text) if word not in FILLER]
    words = [word for word in words if word not in reading.file.path.lower()]
    if words:
        reading.unread.append(" ".join(words))


def _with_order(
    query: Query,
    order: tuple[str, bool] | None,
    ranked: str,
    reading: Reading,
    before: Query | None,
) -> Query:
    by_column = re.fullmatch(rf"(.+?) {ROWS}", ranked)
    if by_column and order and not order[0]:
        order, ranked = (by_column[1], order[1]), "rows"
    ranked_column = find_column(ranked, reading.file.columns) if ranked else None
    if ranked and ranked_column is None and not re.fullmatch(ROWS, ranked) and before is None:
        values = [word for word in ranked.split() if word not in FILLER]
        if values and not re.search(ROWS, ranked):
            reading.unread.append(ranked)
    by_function = order is not None and re.match(rf"(?:{_FUNCTION}|number)\b ", order[0])
    if ranked_column and not query.measures and order and order[0] and not by_function:
        by = reading.column(order[0], number=True)
        measure = Measure("SUM", by.name) if by else Measure("COUNT")
        return replace(
            query, measures=(measure,), columns=(), groups=(Group(ranked_column.column.name),),
            order=Order(measure.name, order[1]),
        )  # fmt: skip
    if ranked_column and query.measures and not query.groups:
        query = replace(query, groups=(Group(ranked_column.column.name),))
    if order is None:
        return query
    phrase, down = order
    function = re.match(rf"({_FUNCTION}|number) (?:of )?(?:the )?", phrase)
    if function and function.end() < len(phrase) and not query.measures and before is None:
        column = reading.column(phrase[function.end() :], number=function[1] in FUNCTIONS)
        name = FUNCTIONS.get(function[1], "COUNT")
        measure = Measure(name, column.name if column and name != "COUNT" else "")  # type: ignore[arg-type] # the table's values are these
        group = (Group(ranked_column.column.name),) if ranked_column else query.groups
        return replace(
            query, measures=(measure,), columns=(), groups=group, order=Order(measure.name, down)
        )
    whole = before.refined(query) if before is not None and not query.measures else query
    if not phrase:
        if whole.measures:
            return replace(query, order=Order(whole.measures[0].name, down))
        return query
    return replace(query, order=_order(phrase, down, whole, reading))


def _order(phrase: str, down: bool, whole: Query, reading: Reading) -> Order | None:
    named = find_column(phrase, reading.file.columns)
    for measure in whole.measures:
        if phrase == measure.name.replace("_", " ") or (
            named and named.column.name == measure.column
        ):
            return Order(measure.name, down)
    for group in whole.groups:
        if phrase == group.name.lower() or (named and named.column.name == group.column):
            return Order(group.name, down)
    if whole.measures and phrase in {"total", "value", "count", "amount", "size", "it"}:
        return Order(whole.measures[0].name, down)
    if named is None:
        column = reading.column(phrase)
        if column is None:
            reading.unread.append(f"sort by {phrase}")
            return None
        return Order(column.name, down)
    return Order(named.column.name, down)
