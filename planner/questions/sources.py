"""Which files a question is about, and how their rows belong together: keys that overlap. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from memory.model.base import name_key
from memory.model.work.value import Column, FileInfo
from planner.questions.kept import kept
from planner.questions.semantics import Role, role_of, row_noun, seen_in, unique_key, words_of
from planner.questions.words.lexicon import concept, plain
from planner.questions.words.short import is_short_for

HOPS = 3
FEWEST, MOSTLY, SHORTENED = 3, 0.8, 0.6
"""How many codes must be seen, what part of them must be known, and how sure a short name must be."""
MANY, SOME, APART, UNIQUE = 4, 0.4, 10, 0.95
"""How many values of two words or with digits tell the same, what part of those seen; how far apart numbers
are that can hardly be the same by chance; in what part of the rows a value that names them is the only one.
"""
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9_./-]{1,19}|[A-Z]{2,8}")
PAIRS = 10_000
"""Of how many pairs of files the links are kept."""


@dataclass(frozen=True)
class Link:
    """Each row of `many` belongs to at most one of `single`: many.left = single.right."""

    many: str
    left: str
    single: str
    right: str
    repeated: bool = False
    """The key is not unique in `single` after all."""


@dataclass(frozen=True)
class Files:
    """The readable data files, with their links, by path."""

    every: tuple[FileInfo, ...]

    @cached_property
    def by_path(self) -> Mapping[str, FileInfo]:
        """Each file by its path."""
        return {file.path: file for file in self.every}

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """How rows of one file belong to those of another."""
        found = [
            link
            for many in self.every
            for single in self.every
            if many is not single
            for link in _links(many, single)
        ]
        return tuple(found)

    def owners(self, path: str, said: Sequence[Link] = ()) -> list[Link]:
        """The links by which each row of the file belongs to one elsewhere, those that were said first."""
        return [link for link in (*said, *self.links) if link.many == path]

    def way(self, start: str, goal: str, said: Sequence[Link] = ()) -> tuple[Link, ...] | None:
        """The shortest way from each row of `start` to the one it belongs to in `goal`."""
        if start == goal:
            return ()
        ways: list[tuple[Link, ...]] = [()]
        for _ in range(HOPS):
            ways = [
                (*way, link)
                for way in ways
                for link in (*said, *self.links)
                if link.many == (way[-1].single if way else start)
                and link.single not in {start, *(step.single for step in way)}
            ]
            found = [way for way in ways if way[-1].single == goal]
            if found:
                return found[0]
        return None

    @property
    def are_connected(self) -> bool:
        """Whether rows of one of the files lead to those of each other one."""
        return any(all(self.way(a, b) is not None for b in self.by_path) for a in self.by_path)

    def reachable(self, start: str, said: Sequence[Link] = ()) -> tuple[FileInfo, ...]:
        """The files to which rows of `start` lead, nearest first."""
        goals = (file for file in self.every if file.path != start)
        found = [(way, file) for file in goals if (way := self.way(start, file.path, said))]
        return tuple(file for way, file in sorted(found, key=lambda pair: len(pair[0])))


def share_several_keys(first: FileInfo, second: FileInfo) -> bool:
    """Whether both have several keys, and nobody knows which of them names a row."""
    others = {name_key(column.name) for column in second.columns}
    held = {column.name for column in first.columns if name_key(column.name) in others}
    keys = {c.name for c in first.columns if c.name in held and role_of(c) is Role.KEY}
    return len(keys) > 1 and not keys & {k.name for k in map(unique_key, (first, second)) if k}


def linked(first: FileInfo, left: str, second: FileInfo, right: str) -> tuple[Link, ...]:
    """The link by these columns, from the file in which values repeat to the one in which they
    don't; where that isn't known, both ways.
    """
    there = Link(first.path, left, second.path, right, repeated=_repeats(second, right))
    back = Link(second.path, right, first.path, left, repeated=_repeats(first, left))
    if there.repeated != back.repeated:
        return (there,) if back.repeated else (back,)
    return (there, back)


def _repeats(file: FileInfo, name: str) -> bool:
    column = next(column for column in file.columns if column.name == name)
    return column.distinct is not None and column.distinct < (file.rows or 0)


@kept(PAIRS)
def _links(many: FileInfo, single: FileInfo) -> tuple[Link, ...]:
    return tuple(_found(many, single))


def _found(many: FileInfo, single: FileInfo) -> Iterable[Link]:
    key = unique_key(single)
    for column in single.columns:
        sure = _unique(column, single)
        is_key = key is not None and column.name == key.name
        if sure is False and not is_key and _nearly(column, single):
            told = [left for left in many.columns if _told_by_values(left, column, single)]
            yield from (
                Link(many.path, t.name, single.path, column.name, repeated=True) for t in told
            )
        if (sure is False and not is_key) or (sure is None and key is not None and not is_key):
            continue
        if sure is None and key is None and unique_key(many) is not None:
            continue
        for left in many.columns:
            if _belongs(left, many, column, single, is_key=is_key):
                if _is_one_to_one(left, many, column, single):
                    continue
                yield Link(many.path, left.name, single.path, column.name, repeated=sure is False)


def _unique(column: Column, file: FileInfo) -> bool | None:
    """Whether no two rows share a value; None where nobody knows."""
    if column.distinct is None or file.rows is None:
        return None
    return column.distinct + (column.nulls or 0) >= file.rows and column.distinct > 0


def _nearly(column: Column, file: FileInfo) -> bool:
    """Whether hardly any two rows share a value: two people with one car."""
    known = (column.distinct or 0) + (column.nulls or 0)
    return (file.rows or 0) >= FEWEST / (1 - UNIQUE) and known >= UNIQUE * (file.rows or 0)


def _belongs(
    left: Column, many: FileInfo, right: Column, single: FileInfo, *, is_key: bool
) -> bool:
    """Whether values of `left` name rows of `single` by `right`."""
    if not _same_kind(left, right):
        return False
    role = role_of(right, single.rows)
    naming = role in {Role.KEY, Role.CODE} or is_key
    left_parts, right_parts = words_of(left), words_of(right)
    same = plain(left.name) == plain(right.name)
    generic = right_parts in {
        ("id",),
        ("key",),
        ("code",),
        ("nr",),
        ("no",),
        ("number",),
        ("nummer",),
    }
    noun = row_noun(single)
    shared = same and _unique(right, single) is True and _unique(left, many) is False
    if generic:
        keyed = role_of(left, many.rows) in {Role.KEY, Role.CODE}
        named = bool(noun) and _about(left_parts, noun) and (keyed or _holds(right, left))
        named = named or (shared and not right.numeric and _holds(right, left))
    elif naming:
        named = (
            same
            or (
                role_of(left, many.rows) in {Role.KEY, Role.CODE}
                and _things(left_parts) & _things(right_parts) != set()
            )
            or (is_key and bool(noun) and " ".join(left_parts) in {noun, f"{noun} id"})
        )
    else:
        named = same and role in {Role.CATEGORY, Role.NAME} and _unique(right, single) is True
        named = named or (shared and role in {Role.NUMBER, Role.TEXT})
        named = named or (
            role is Role.NAME
            and _unique(right, single) is True
            and " ".join(left_parts) == noun != ""
        )
    if named:
        return _overlap(left, right)
    return _told_by_values(left, right, single) or (is_key and _cut_short(left, right, single))


def _told_by_values(left: Column, right: Column, single: FileInfo) -> bool:
    """Whether what is seen of `left` can hardly be anything but what names the rows of `single`, whatever
    its name: "Z1", "Z8" in tickets and in the list of firms, number plates, full names.
    """
    if _unique(right, single) is not True and not _nearly(right, single):
        return False
    if left.numeric or right.numeric:
        return left.numeric and right.numeric and _same_range(left, right, single)
    return _same_codes(seen_in(left), right) or _same_names({*seen_in(left)}, {*seen_in(right)})


def _same_codes(values: Sequence[str], right: Column) -> bool:
    seen, known = {*values}, {*right.values}
    coded = bool(known) and sum(map(_is_code, known)) >= MOSTLY * len(known)
    return coded and len(seen) >= FEWEST and len(seen & known) >= MOSTLY * len(seen)


def _same_names(seen: set[str], known: set[str]) -> bool:
    telling = sum(_is_code(value) or " " in value for value in seen & known)
    return telling >= max(MANY, SOME * len(seen))


def _is_code(value: str) -> bool:
    return _CODE.fullmatch(value) is not None


_NUMBERED = frozenset({Role.KEY, Role.CODE, Role.PHONE})


def _same_range(left: Column, right: Column, single: FileInfo) -> bool:
    """Whether numbers that name rows lie far apart and begin and end alike: telephone numbers, accounts."""
    if role_of(right, single.rows) not in _NUMBERED or "" in {left.least, right.least}:
        return False
    least, first, last, most = map(float, (right.least, left.least, left.most, right.most))
    fewer = MANY <= (left.distinct or 0) <= (right.distinct or 0)
    apart = fewer and (most - least) > APART * (right.distinct or 0)
    inside = least <= first <= last <= most
    return apart and inside and 0.0 in {first - least, most - last}


def _cut_short(left: Column, right: Column, single: FileInfo) -> bool:
    """Whether a number is named as if the key were cut short, and begins in its range: "pid" of pupils."""
    if not (left.numeric and right.numeric and left.least and right.least):
        return False
    begins = float(right.least) <= float(left.least) <= float(right.most)
    if not begins or (left.distinct or 0) > (right.distinct or 0):
        return False
    return _stands_for(plain(left.name), {*_things(words_of(right)), *row_noun(single).split()})


def _stands_for(name: str, nouns: set[str]) -> bool:
    """Whether the name is one of the nouns cut short, with "id" or "no" behind it."""
    short = name.replace(" ", "").removesuffix("no").removesuffix("nr")
    ids = {short.removesuffix("id")} - {short, ""}
    told = any(is_short_for(short, noun) >= SHORTENED for noun in nouns)
    return told or any(noun.startswith(head) for noun in nouns for head in ids)


def _about(words: Sequence[str], noun: str) -> bool:
    asked = {concept(word) or word for word in noun.split()}
    return bool(asked & {concept(word) or word for word in words})


def _things(words: Sequence[str]) -> set[str]:
    return {concept(word) or word for word in words} - {
        "id",
        "key",
        "code",
        "nr",
        "no",
        "number",
        "nummer",
    }


def _same_kind(left: Column, right: Column) -> bool:
    return left.numeric == right.numeric


def _overlap(left: Column, right: Column) -> bool:
    """Whether some value may be in both, as far as anybody has seen."""
    if left.numeric and left.least and right.least:
        return float(left.least) <= float(right.most) and float(right.least) <= float(left.most)
    few = 0 < len(right.values) < 200 and right.distinct is not None
    if few and left.values:
        held = {name_key(value) for value in right.values}
        return any(name_key(value) in held for value in seen_in(left))
    return True


def _holds(right: Column, left: Column) -> bool:
    """Whether every value seen of `left` is one of `right`: "carrier" by the carriers' code."""
    known = {name_key(value) for value in (*right.values, *right.samples)}
    seen = seen_in(left)
    return bool(seen) and all(name_key(value) in known for value in seen)


def _is_one_to_one(left: Column, many: FileInfo, right: Column, single: FileInfo) -> bool:
    """Of two files with the same key in both, the one whose rows are named by it is the single."""
    both = _unique(left, many) and _unique(right, single)
    if not both or plain(left.name) != plain(right.name):
        return False
    about_many = _about(words_of(right), row_noun(many)) if row_noun(many) else False
    about_single = _about(words_of(right), row_noun(single)) if row_noun(single) else False
    return about_many and not about_single
