"""The table of reshapings: by which words each is said, and what drafts it. Pure.

An operation is meant where each of its sets has a word in the request, and no word is left that
says nothing here: so "one csv per department out of employees.csv" needs no form of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from planner.draft import Draft
from planner.jobs.making import Making, OtherWork
from planner.jobs.reshaping import columns, rows, splitting
from planner.jobs.reshaping.parts import Parts, bases, parts
from planner.lexicon.verbs import VERBS
from planner.lexicon.words import word_set

_LIGHT: Final = word_set(
    "the a an my our this that these those it its them they all of in from for on to into as and then at by with so",
    "please me us up out down is are be get gets got has have had give make made do want need like who which whose",
    "file files table data new result results there here where their just also called named under",
    "save keep store write export put create produce using based according same one lot whole",
)
_FILES: Final = word_set("file files csv csvs sheet sheets pieces parts chunks document documents")
_APART: Final = word_set("each every per own separate separately individual different split")
_CUT: Final = word_set("split chop break divide separate cut slice partition carve")
_COLUMN: Final = word_set("column columns field fields")
_AWAY: Final = word_set(
    "drop remove delete without strip rid lose omit exclude hide leave take minus except"
)
_KEEP: Final = word_set("only just keep nothing but select extract pick take")
_DOUBLE: Final = word_set(
    "dedupe deduplicate de-duplicate duplicates duplicate duplicated dupes doubles double doublets repeats repeated unique"
)
_TOGETHER: Final = word_set(
    "join merge combine stick glue put stitch match link connect attach bring lump append stack marry"
)
_SORT: Final = word_set("sort order arrange rank reorder alphabetise alphabetize")
_WAYS: Final = word_set(
    "high low to from downwards upwards ascending descending asc desc first last top bottom start beginning front order",
    *rows.DOWN,
    *rows.UP,
)
_ROWS: Final = word_set("row rows entry entries record records line lines")


@dataclass(frozen=True)
class Operation:
    """`needs`: sets of words of which each has to be met. `also`: words that may be there, too."""

    name: str
    needs: tuple[frozenset[str], ...]
    draft: Callable[[Making, Parts], Draft]
    also: frozenset[str] = frozenset()
    by_verb: bool = False
    """Its verb is all that tells it from other work;"""
    by_tables: bool = False
    """or two tables and a place for the result tell it, whatever the verb."""

    def fits(self, found: Parts) -> bool:
        """Whether the words say it, and nothing else; their verb may be one that nobody foresaw."""
        known = frozenset[str]().union(_LIGHT, self.also, *self.needs)
        said = {base for word in found.words for base in bases(word)}
        strange = [word for word in found.words if not known.intersection(bases(word))]
        verb = strange == list(found.words[:1]) and strange and strange[0] not in VERBS
        met = [bool(need & said) for need in self.needs]
        if verb and self.by_tables and len(found.tables) > 1 and found.out:
            return True
        return all(met) and (not strange or bool(verb and not self.by_verb))


OPERATIONS: Final = (
    Operation("split", (_FILES, _APART | _CUT), splitting.split,
              also=_ROWS | word_set("separate value values year quarter month broken chosen carved")),
    Operation("drop columns", (_AWAY, _COLUMN), columns.drop),
    Operation("keep columns", (_KEEP, _COLUMN), columns.keep),
    Operation("unique by", (_DOUBLE,), rows.unique, by_verb=True, also=_AWAY | _ROWS | word_set("per each")),
    Operation("only columns", (_COLUMN,), columns.only, by_verb=True),
    Operation("hide columns", (word_set("hide omit exclude drop remove delete strip"),), columns.hide, by_verb=True),
    Operation("from to", (rows.DOWN, rows.UP), rows.sort, by_verb=True, also=_SORT | _WAYS | _ROWS),
    Operation("one each", (word_set("one single first"), _ROWS, word_set("per each every")), rows.one_each, by_verb=True),
    Operation("join", (_TOGETHER,), rows.together, by_verb=True, by_tables=True, also=_ROWS | word_set("together underneath below each other common number no id key column")),
    Operation("sort", (_SORT,), rows.sort, by_verb=True, also=_WAYS | _ROWS),
)  # fmt: skip


_KNOWN: Final = frozenset[str]().union(
    _LIGHT, *(word for row in OPERATIONS for word in (row.also, *row.needs))
)


def reshaped(making: Making, words: str) -> Draft | None:
    """The draft of the operation that the words say; None for none."""
    found = parts(making, words, _KNOWN)
    for operation in OPERATIONS if found is not None else ():
        if found is not None and operation.fits(found):
            try:
                return operation.draft(making, found)
            except OtherWork:
                continue
    return None
