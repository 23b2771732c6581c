"""Words about data → a Query, with questions where a column is not sure and words left unread.

Each part takes what it understands out of the text; what is left over was not understood, and
the planner says so rather than leave a condition out.
"""

import re
from pathlib import PurePosixPath

from planner.offline.data.columns import find_column, is_date
from planner.offline.data.conditions import Conditions
from planner.offline.data.measuring import bare_columns, named_columns, take_measures
from planner.offline.data.ordering import ordered, take_order
from planner.offline.data.query import Group, Query
from planner.offline.data.reading import Reading
from planner.offline.data.rewording import reworded
from planner.offline.data.words import FILLER, GRAINS
from planner.offline.grammar.words import without, word_set

_NAME = r"[\w'’-]+(?: [\w'’-]+){0,2}"
_BY = re.compile(
    r"\b(?:grouped by|group by|by|per|for each|for every|in each|across(?: the| all)?|each|every)"
    rf" (?:the )?(?P<name>{_NAME})"
)
_AND = re.compile(rf"\s*(?:and|,)\s+(?:by |per )?(?P<name>{_NAME})")
_ADVERB = re.compile(r"\b(daily|weekly|monthly|quarterly|yearly|annual(?:ly)?)\b")
_NO_ENDS = word_set("and in for where only from with")
"""Words that end no name."""


def read_query(text: str, reading: Reading, earlier: Query | None) -> Query:
    """The query the text asks for; `earlier` is the one it may go on from."""
    before = earlier or Query(source="")
    conditions = Conditions(reading)
    text = conditions.take_spans(reworded(f" {text} "))
    wish, text = take_order(text)
    groups, text = _take_groups(text, reading)
    distinct = bool(re.search(r"\b(distinct|unique|different)\b", text))
    measures, text = take_measures(text, reading)
    columns: tuple[str, ...] = ()
    if distinct and not measures:
        columns, text = named_columns(text, reading)
    context = Query("", measures=measures or before.measures, groups=groups or before.groups)
    text = conditions.take_comparisons(text, context)
    text = conditions.take_values(text)
    if not measures and not columns:
        measures, columns, text = bare_columns(text, reading, groups)
    _leave(text, reading)
    query = Query(
        source=reading.file.path,
        measures=measures,
        groups=groups,
        filters=tuple(conditions.filters),
        having=tuple(conditions.having),
        columns=columns,
        distinct=(distinct or _lists_names(columns, reading)) and not measures,
        words=tuple(conditions.words),
    )
    return ordered(query, wish, reading, earlier)


def _lists_names(columns: tuple[str, ...], reading: Reading) -> bool:
    """ "List the customers" means each once."""
    named = [column for column in reading.columns if column.name in columns]
    return len(columns) == 1 and not any(column.numeric for column in named)


def _take_groups(text: str, reading: Reading) -> tuple[tuple[Group, ...], str]:
    groups: list[Group] = []
    adverb = _ADVERB.search(text)
    group = _group(adverb[0], reading) if adverb else None
    if adverb and group:
        groups.append(group)
        text = without(text, *adverb.span())
    place = 0
    while match := _BY.search(text, place):
        group, length = _group_named(match["name"], reading)
        place = match.start() if group else match.end("name")
        while match and group:
            groups.append(group)
            text = without(text, place, match.start("name") + length)
            match = _AND.match(text, place)
            group, length = _group_named(match["name"], reading) if match else (None, 0)
    return tuple(dict.fromkeys(groups)), text


def _group_named(phrase: str, reading: Reading) -> tuple[Group | None, int]:
    """The group the phrase begins with, the longest name first, and how many characters it has."""
    words = phrase.split(" ")
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if count > 1 and words[count - 1] in _NO_ENDS:
            continue
        group = _group(name, reading, sure=count > 1)
        if group:
            return group, len(name)
    return None, 0


def _group(phrase: str, reading: Reading, *, sure: bool = False) -> Group | None:
    named = find_column(phrase, reading.columns)
    grain = GRAINS.get(phrase.rstrip("s")) or GRAINS.get(phrase)
    if grain and (named is None or is_date(named.column)):
        dates = reading.date_column()
        return Group(dates[0].name, grain, cast=dates[1]) if dates else None
    if named is not None and named.sure:
        return Group(named.column.name)
    column = None if sure else reading.column(phrase)
    return Group(column.name) if column else None


def _leave(text: str, reading: Reading) -> None:
    """Whatever is left and means something was not read. The file's own name says nothing new."""
    own = set(re.findall(r"[\w'’-]+", PurePosixPath(reading.file.path).stem.lower()))
    left = [word for word in re.findall(r"[\w'’-]+", text) if word not in FILLER | own]
    if left:
        reading.unread.append(" ".join(left))
