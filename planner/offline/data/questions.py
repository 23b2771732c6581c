"""Words about data → a Query, with gaps where a column is not sure and words left unread.

Each step takes what it understands out of the text; what is left over was not understood, and
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

_BY = re.compile(
    r"\b(?:grouped by|group by|by|per|for each|for every|in each|across(?: the| all)?|each|every)"
    r" (?:the )?(?P<first>[\w'’-]+(?: [\w'’-]+){0,2})"
)
_AND = re.compile(r"\s*(?:and|,)\s+(?:by |per )?([\w'’-]+(?: [\w'’-]+){0,2})")
_ADVERB = re.compile(r"\b(daily|weekly|monthly|quarterly|yearly|annual(?:ly)?)\b")


def read_query(text: str, reading: Reading, before: Query | None) -> Query:
    """The query the text asks for; `before` is the one it may go on from."""
    conditions = Conditions(reading)
    text = conditions.take_spans(reworded(f" {text} "))
    wish, text = take_order(text)
    groups, text = _take_groups(text, reading)
    distinct = bool(re.search(r"\b(distinct|unique|different)\b", text))
    measures, text = take_measures(text, reading)
    columns: tuple[str, ...] = ()
    if distinct and not measures:
        columns, text = named_columns(text, reading)
    of_before = (before.measures, before.groups) if before is not None else ((), ())
    text = conditions.take_comparisons(
        text, measures or of_before[0], group=next(iter(groups or of_before[1]), Group("")).name
    )
    text = conditions.take_values(text)
    if not measures and not columns:
        measures, columns, text = bare_columns(text, reading, groups)
    _leave(text, reading)
    # "List the customers" means each once.
    single = find_column(columns[0], reading.file.columns) if len(columns) == 1 else None
    distinct = distinct or (single is not None and not single.column.numeric)
    query = Query(
        source=reading.file.path,
        measures=measures,
        groups=groups,
        filters=tuple(conditions.filters),
        having=tuple(conditions.having),
        columns=columns if not measures else (),
        distinct=distinct and not measures,
        words=tuple(conditions.words),
    )
    return ordered(query, wish, reading, before)


def _take_groups(text: str, reading: Reading) -> tuple[tuple[Group, ...], str]:
    groups: list[Group] = []
    adverb = _ADVERB.search(text)
    if adverb:
        group = _group(adverb.group(), reading)
        if group:
            groups.append(group)
            text = f"{text[: adverb.start()]} {text[adverb.end() :]}"
    place = 0
    while match := _BY.search(text, place):
        taken, names = _group_names(match["first"], reading)
        if not taken:
            place = match.end("first")
            continue
        groups += names
        text = f"{text[: match.start()]} {text[match.start('first') + taken :]}"
        more = _AND.match(text[match.start() :])
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


def _leave(text: str, reading: Reading) -> None:
    """Whatever is left and means something was not read. The file's own name says nothing new."""
    own = set(re.findall(r"[\w'’-]+", PurePosixPath(reading.file.path).stem.lower()))
    left = [word for word in re.findall(r"[\w'’-]+", text) if word not in FILLER | own]
    if left:
        reading.unread.append(" ".join(left))
