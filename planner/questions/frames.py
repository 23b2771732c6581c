"""What follow-ups leave out, filled in from the question before: its figure, groups, date, file. Pure."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from memory.model.patterns import short
from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.asking import Questions
from planner.questions.readers.assembly import fields_of
from planner.questions.semantics import MEASURES, Role, role_of
from planner.questions.spec import During, Field, Function, Group, Measure, Order, QuerySpec, Window
from planner.questions.words.lexicon import plain

_CONTRAST: Final = short(
    r"^(?P<now>\S.*?),?\s+(?:(?:and|but)\s+)?(?:not|rather than|instead of|in place of)\s+(?P<before>[^,]+?)[.!?]*$"
    r"|^(?:not|no|don't (?:use|take|show)|instead of|rather than)\s+(?P<first>[^,]+?)(?:,?\s+(?:but|rather|use|take|show)|,)"
    r"\s*(?P<then>\S.*)$",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(
    r"^(?:and )?(?:what(?:'s| is| was)|how much is|how many are|give me|show(?: me)?)? ?(?:(?:it|that|this|them|those) )?"
    r"(?:the |a |in )*(?:grand )?(?:total|sum|overall|altogether|(?<=in )all)(?: (?:of (?:all|them|it|that)|together|then|number|amount|overall))*[.!?]*$",
    re.IGNORECASE,
)
_MOST: Final = "biggest|largest|highest|most|best|top|greatest|first|strongest|longest|priciest|most expensive|max(?:imum)?"
_LEAST: Final = (
    "smallest|lowest|least|fewest|worst|bottom|last|weakest|shortest|cheapest|min(?:imum)?"
)
_EXTREME: Final = re.compile(
    r"^(?:and )?(?:tell me )?(?:which|who|what)(?: (?:one|of (?:them|these|those)|(?P<noun>\w+)))??(?: (?:is|was|has|had|are|comes?|did))?"
    rf"(?: the)? (?:(?P<most>{_MOST})|(?P<least>{_LEAST}))(?: one)?[.!?]*$"
    rf"|^(?:only |just )?the (?:{_MOST}|(?P<least2>{_LEAST})) one[.!?]*$",
    re.IGNORECASE,
)
_IN_TIME: Final = re.compile(
    r"^(?:the )?(?:(?P<late>newest|latest|most recent|youngest|recent)|oldest|earliest|chronological(?:ly)?(?: order)?)(?: (?:one|ones|first|month|on top))*$",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(
    r"^(?:without|hide|drop|remove|leave out|omit|exclude|minus|skip|no)\s+(?:the\s+)?(?:columns?\s+|fields?\s+)?(?P<names>\S.*?)"
    r"(?:\s+(?:columns?|fields?))?$",
    re.IGNORECASE,
)
_WHY: Final = re.compile(
    r"^(?:but )?(?:why|how come|what(?:'s| is)? (?:explains?|behind|the reason (?:for|that|why)|causes?|caused))\b.*?"
    r"\b(?:(?:so|that|this|too|very|such) )*(?:low|high|small|big|few|many|little|much|bad|good|weak|strong|different|expensive|cheap|"
    r"large|poor|great|less|more|fewer|lower|higher|worse|better|last|first|top|bottom|ahead|behind|"
    r"drop\w*|f[ae]ll\w*|ris\w+|rose|gr[eo]w\w*|declin\w+|increas\w+|decreas\w+|spik\w+|jump\w*|peak\w*|dip\w*|difference|change[ds]?)\b",
    re.IGNORECASE,
)
_OF_BOT: Final = re.compile(r"\b(?:you|your|agent|model|plan|run|task|step)\b", re.IGNORECASE)
_TELL: Final = re.compile(
    r"^(?:please )?(?:tell|show|give|let) (?:me|us)(?: know)? ", re.IGNORECASE
)
_PERCENT: Final = re.compile(
    r"^(?:(?:as|in|the|a|an|with)\s+)*(?:%|percent|per cent|percentages?|proportions?)$",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"\b(?:by|per|each|every|for)\b|ly$", re.IGNORECASE)
FUNCTION: Final = re.compile(
    r"\b(?:averages?|means?|medians?|sums?|totals?|max(?:imum)?|min(?:imum)?|highest|lowest)\b",
    re.IGNORECASE,
)
_GRAINS: Final = {"month": "monthly", "quarter": "quarterly", "week": "weekly", "year": "yearly annually",
                  "day": "daily"}  # fmt: skip
_FUNCTIONS: Final = {"sum": "total sum", "avg": "average mean", "count": "number count rows how many",
                     "median": "median", "min": "lowest minimum", "max": "highest maximum"}  # fmt: skip
_LIGHT: Final = frozenset({"the", "a", "an", "by", "per", "of", "for", "in", "its", "their"})


def without_contrast(words: str, spec: QuerySpec) -> str:
    """ "the hours, not the count" → "the hours", where the count is what was asked before."""
    match = _CONTRAST.match(words.strip())
    if match is None:
        return words
    now, before = (match["now"] or match["then"]), (match["before"] or match["first"])
    said = set(plain(before).split()) - _LIGHT
    if not said or not said <= _asked_words(spec):
        return words
    names = {word for group in spec.groups for word in plain(group.name.replace("_", " ")).split()}
    bare = said <= names and re.fullmatch(r"(?:[\w-]+ ?){1,3}", now) and not _BY.search(now)
    return f"by {now}" if bare else now


def _asked_words(spec: QuerySpec) -> set[str]:
    """The words for what the question works out and by what."""
    found: list[str] = []
    for measure in spec.measures:
        found += [measure.name, _FUNCTIONS.get(measure.function, "")]
    for group in spec.groups:
        found += [group.name, group.field.column, _GRAINS.get(group.grain or "", "")]
    found += [PurePosixPath(path).stem for path in spec.files]
    return {word for name in found for word in plain(name.replace("_", " ")).split()}


def as_share(words: str, spec: QuerySpec) -> QuerySpec | None:
    """ "in percent": each group's share of the figure before it; None for other words."""
    if not _PERCENT.match(words.strip()) or not spec.groups or len(spec.measures) != 1:
        return None
    measure = spec.measures[0]
    if measure.function not in {"sum", "count"} or measure.per is not None:
        return None
    share = Window(kind="share", of=measure.name, name="share_percent")
    return spec.model_copy(update={"windows": (share,)})


def overall(words: str, spec: QuerySpec) -> QuerySpec | None:
    """ "what's the total?" of figures by group: the figure of all rows; None for other words."""
    adds = spec.measures and all(measure.function in {"sum", "count"} for measure in spec.measures)
    return spec.overall() if adds and spec.groups and _TOTAL.match(words.strip()) else None


def extreme(words: str, spec: QuerySpec) -> QuerySpec | None:
    """ "which one is the biggest?" of figures by group: the first or last row; None for others."""
    match = _EXTREME.match(words.strip())
    if match is None or not spec.groups or not spec.measures:
        return None
    names = {name for g in spec.groups for name in (plain(g.name), plain(g.field.column))}
    if match["noun"] and plain(match["noun"]) not in names:
        return None
    order = Order(by=spec.measures[0].name, descending=not (match["least"] or match["least2"]))
    return spec.model_copy(update={"order": (order,), "limit": 1})


def made_of(words: str, spec: QuerySpec) -> QuerySpec | None:
    """ "why is North so low?": of how many rows each figure is made, and how big they are; None for
    other words. A question that can't be parted like this comes back as it was.
    """
    if not _WHY.match(words) or _OF_BOT.search(words) or not spec.groups or not spec.measures:
        return None
    first = spec.measures[0]
    if first.of is None or first.per is not None or first.function not in {"sum", "avg"}:
        return spec
    column = first.name.removeprefix("total_").removeprefix("average_")
    ways: tuple[tuple[Function, str], ...] = (("min", "lowest"), ("max", "highest"))
    if first.function == "sum":
        ways = (("avg", "average"),)
    more = [
        first.model_copy(update={"digits": 2, "function": way, "name": f"{name}_{column}"})
        for way, name in ways
    ]
    count = Measure(function="count", only=first.only, name="count")
    return spec.model_copy(update={"measures": (first, count, *more), "windows": ()})


def of_result(words: str, spec: QuerySpec | None) -> QuerySpec | None:
    """ "… and tell me which is the biggest": of the figures that were just asked for; None for other
    words.
    """
    said = _TELL.sub("", words)
    return (extreme(said, spec) or overall(said, spec)) if spec is not None else None


def in_time(words: str, spec: QuerySpec, base: FileInfo, questions: Questions) -> QuerySpec | None:
    """ "newest first" of figures over time, or of rows that have a date; None for other words."""
    match = _IN_TIME.match(words.strip())
    groups = [group for group in spec.groups if group.grain is not None]
    if match is None:
        return None
    late = match["late"] is not None
    if groups:
        return spec.model_copy(update={"order": (Order(by=groups[0].name, descending=late),)})
    dates = [c.name for c in base.columns if role_of(c, base.rows) is Role.DATE]
    if spec.measures or spec.groups or not dates:
        return None
    name = dates[0]
    if len(dates) > 1:
        question = text("Which column of {path} is “{phrase}”?", path=base.path, phrase="date")
        name = questions.choose(f"{base.path}:date column", question, dates[:6])
    order = Order(by=Field(file=base.path, column=name), descending=late)
    return spec.model_copy(update={"order": (order,)})


def without_columns(words: str, spec: QuerySpec, base: FileInfo) -> QuerySpec | None:
    """ "without the rating column", "hide rating" of a list of rows; None for other words."""
    match = _HIDDEN.match(words.strip())
    if match is None or spec.measures or spec.groups or spec.joins or spec.distinct:
        return None
    hidden = {plain(name) for name in re.split(r",\s*(?:and )?|\s+and\s+", match["names"])}
    shown = spec.columns or tuple(
        Field(file=base.path, column=column.name) for column in base.columns
    )
    kept = tuple(field for field in shown if plain(field.column.replace("_", " ")) not in hidden)
    gone = len(shown) - len(kept)
    return spec.model_copy(update={"columns": kept}) if kept and gone == len(hidden) else None


def completions(words: str, spec: QuerySpec) -> Iterator[str]:
    """The words as whole questions, with the figure and the groups of the question before."""
    if not spec.measures:
        return
    by = f" by {' and '.join(map(_grouped, spec.groups))}" if spec.groups else ""
    of = _operand(spec.measures[0])
    yield f"{words} {of}{by}"
    yield f"{words} of {of}{by}"
    if by:
        yield f"{spec.measures[0].name.replace('_', ' ')}{by} {words}"


def _grouped(group: Group) -> str:
    return f"{group.grain} of {group.field.column}" if group.grain else group.field.column


def _operand(measure: Measure) -> str:
    return measure.of.column if isinstance(measure.of, Field) else "rows"


def settled(spec: QuerySpec, questions: Questions, base: FileInfo) -> Questions:
    """The same questions, with those answered that the question before settles: by which date it
    goes, and whether figures are added up or averaged.
    """
    known: dict[str, str] = {}
    dates = [group.field for group in spec.groups if group.grain is not None]
    dates += [held.field for held in spec.filters if isinstance(held, During)]
    used = {field.column for field in dates if field.file == base.path}
    if len(used) == 1:
        known[f"{base.path}:date column"] = used.pop()
    functions = {measure.function for measure in spec.measures if measure.per is None}
    if functions in ({"sum"}, {"avg"}):
        way = "total" if functions == {"sum"} else "average"
        for column in base.columns:
            for slot in ("figure", "function"):
                known[f"{base.path}:{column.name} {slot}"] = f"{way} {column.name}"
    return Questions({**known, **questions.answers}, questions.gaps)


def named_file(words: str, spec: QuerySpec, files: tuple[FileInfo, ...]) -> FileInfo | None:
    """Another file that the words name, by its path, or behind "for" by what its rows are called."""
    others = [file for file in files if file.columns and file.path != spec.files[0]]
    found = [file for file in others if _is_named(file, words)]
    return found[0] if len(found) == 1 and len(spec.files) == 1 and not spec.joins else None


def _is_named(file: FileInfo, words: str) -> bool:
    stem = PurePosixPath(file.path.partition("#")[0]).stem.replace("_", " ")
    behind = (
        rf"\b(?:for|of|with|from|in|to|about) (?:the )?{re.escape(stem)}(?: file| table)?\s*[.!?]*$"
    )
    paths = {file.path, PurePosixPath(file.path).name}
    return bool(
        re.search(behind, words, re.IGNORECASE)
        or any(re.search(rf"(?<![\w/.-]){re.escape(p)}\b", words, re.IGNORECASE) for p in paths)
    )


def without_name(file: FileInfo, words: str) -> str:
    """The words without the file's name."""
    path = PurePosixPath(file.path)
    names = (file.path, path.name, path.stem.replace("_", " "))
    return re.sub(
        rf"(?:the )?(?:{'|'.join(map(re.escape, names))})", " ", words, flags=re.IGNORECASE
    )


def moved(spec: QuerySpec, other: FileInfo, words: str, questions: Questions) -> QuerySpec | str:
    """The same question to another file; a column it lacks is one that the words name, or is asked
    for. A sentence where it can't be.
    """
    names = {column.name.casefold(): column.name for column in other.columns}
    columns: dict[str, str] = {}
    for field in fields_of(spec):
        found = names.get(field.column.casefold()) or _instead(field, spec, other, words, questions)
        if not found:
            return text(
                "{other} has no column {column}, so that question can't be asked of it.",
                other=other.path, column=field.column,
            )  # fmt: skip
        columns[field.column] = found
    raw = _renamed(spec.model_dump(mode="json"), spec.files[0], other.path, columns)
    found_spec = QuerySpec.model_validate(raw)
    return _named_anew(found_spec, columns)


def _instead(
    field: Field, spec: QuerySpec, other: FileInfo, words: str, questions: Questions
) -> str:
    """The column of the other file that stands for one it lacks; "" where none can."""
    measured = any(measure.of == field for measure in spec.measures)
    grouped = any(group.field == field and group.grain is None for group in spec.groups)
    dates = any(group.field == field and group.grain is not None for group in spec.groups)
    roles = {column.name: role_of(column, other.rows) for column in other.columns}
    fitting = [
        column.name
        for column in other.columns
        if (measured and roles[column.name] in MEASURES and column.numeric)
        or (grouped and roles[column.name] in {Role.CATEGORY, Role.NAME, Role.BOOLEAN})
        or (dates and roles[column.name] is Role.DATE)
    ]
    said = f" {plain(words.replace('_', ' '))} "
    named = [name for name in fitting if f" {plain(name.replace('_', ' '))} " in said]
    fitting = named or fitting
    if len(fitting) < 2:
        return next(iter(fitting), "")
    question = text(
        "{other} has no column {column}. Which one instead?", other=other.path, column=field.column
    )
    return questions.choose(f"{other.path}:{field.column} column", question, fitting[:6])


def _named_anew(spec: QuerySpec, columns: dict[str, str]) -> QuerySpec:
    """The names of figures and groups that hold a column's name, with the new one."""
    renamed = {old: new for old, new in columns.items() if old.casefold() != new.casefold()}
    names: dict[str, str] = {}
    for name_before in [part.name for part in spec.measures] + [part.name for part in spec.groups]:
        name = name_before
        for old, new in renamed.items():
            name = re.sub(rf"(?<![^\W_]){re.escape(old)}(?![^\W_])", new, name)
        names[name_before] = name
    raw = spec.model_dump(mode="json")
    for kind in ("measures", "groups", "windows", "order"):
        for part_raw in raw[kind]:
            for key in ("name", "of", "other", "by"):
                if isinstance(part_raw.get(key), str):
                    part_raw[key] = names.get(part_raw[key], part_raw[key])
    return QuerySpec.model_validate(raw)


def _renamed(value: object, old: str, new: str, names: dict[str, str]) -> object:
    if isinstance(value, dict):
        if set(value) == {"file", "column", "written"} and value["file"] == old:
            column = names[str(value["column"])]
            return {"file": new, "column": column, "written": value["written"]}
        return {key: _renamed(item, old, new, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new, names) for item in value]
    return new if value == old else value
