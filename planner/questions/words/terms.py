"""Words of a question to the columns, values and rows of files that they name. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from memory.model.work.value import Column, FileInfo
from planner.questions.kept import kept
from planner.questions.semantics import (
    COLUMNS,
    MEASURES,
    Role,
    date_format,
    role_of,
    row_noun,
    seen_in,
    unique_key,
    words_of,
)
from planner.questions.spec import Field
from planner.questions.words.lexicon import (
    SMALL,
    concept,
    folded,
    plain,
    singular,
    stem,
    word_set,
)
from planner.questions.words.short import long

NEAR = 0.82
"""How alike two spellings must be to be taken for one."""
INDEXES = 200
"""Of how many sets of files it is kept what names what."""


_MONEY = word_set("revenue amount net cost price profit tax payment")
"""Concepts that are figures wherever they stand: they never are what a row is called elsewhere."""


@dataclass(frozen=True)
class Ref:
    """A column of a file."""

    file: FileInfo
    column: Column

    @cached_property
    def role(self) -> Role:
        """What it holds."""
        return role_of(self.column, self.file.rows)

    @property
    def term(self) -> "Term":
        """It alone, as what words name."""
        return Term(refs=(self,))

    @property
    def name(self) -> str:
        """What it is called."""
        return self.column.name

    @cached_property
    def field(self) -> Field:
        """As a part of a query."""
        return field_of(self.file, self.column)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name."""
        return words_of(self.column)

    def is_called(self, words: str) -> bool:
        """Whether that is its whole name, as it is written or at length."""
        said = plain(words)
        return said in {plain(self.name), " ".join(self.words), " ".join(map(singular, self.words))}


def names_rows(ref: Ref) -> bool:
    """Whether the column says what each row is called: the name of a dog, not that of its owner."""
    if ref.is_called(row_noun(ref.file)):
        return True
    if ref.role is not Role.NAME:
        return False
    names = [c for c in ref.file.columns if role_of(c, ref.file.rows) is Role.NAME]
    named = [c for c in names if {"name", "title"} & {*words_of(c)}]
    return ref.column in (named or names)


def field_of(file: FileInfo, column: Column) -> Field:
    """The column as a part of a query."""
    written = date_format(column)[0] if role_of(column, file.rows) is Role.DATE else ""
    return Field(file=file.path, column=column.name, written=written)


@dataclass(frozen=True)
class Term:
    """What some words name. `sure` is False where only a likeness speaks for it."""

    refs: tuple[Ref, ...] = ()
    values: tuple[tuple[Ref, tuple[str, ...]], ...] = ()
    noun: FileInfo | None = None
    near: str = ""
    """The spelling that was taken for another."""
    alike: bool = False
    stemmed: bool = False


_Index = tuple[
    tuple[Ref, ...], dict[str, list[Ref]], dict[str, list[tuple[Ref, str]]], dict[str, FileInfo]
]
"""The columns, by the names and values that name them, and the files by what their rows are called."""


class Vocabulary:
    """What words can name, in the order of the files: those first are meant first."""

    def __init__(self, files: Sequence[FileInfo]) -> None:
        self.files = tuple(files)
        self.refs, self._names, self._values, self._nouns = _indexed(*self.files)

    def column(self, phrase: str) -> Term | None:
        """The columns of exactly this name, or the only ones with these words in their names."""
        wanted = _expanded(plain(phrase))
        if not wanted:
            return None
        exact = self._names.get(wanted) or self._names.get(plain(phrase))
        if exact:
            spelt = [ref for ref in exact if ref.name.casefold() == phrase.casefold()]
            return Term(refs=_in_first(spelt or exact))
        words = set(wanted.split()) - SMALL
        if not words:
            return None
        asked, several = {concept(word) for word in words}, plain(phrase) != phrase.casefold()
        holding = [
            ref
            for ref in self.refs
            # "units" are no unit price, "orders" no order date
            if words <= set(ref.words)
            and (ref.role is not Role.PRICE or "price" in asked)
            and (ref.role is not Role.DATE or not several or ref.words[-1] in words)
        ]
        if not holding and "date" in words:  # "date of birth" of born
            kinds = {concept(word) for word in words} - {"date"}
            dates = [ref for ref in self.refs if ref.role is Role.DATE]
            holding = [r for r in dates if kinds and kinds <= {concept(w) for w in r.words}]
        return Term(refs=_in_first(holding)) if holding else None

    def is_name(self, phrase: str) -> bool:
        """Whether a column is called just so."""
        return plain(phrase) in self._names

    def sure(self, phrase: str) -> Column | None:
        """The column the phrase names, where there is no doubt."""
        term = self.column(phrase)
        if term is None or len(term.refs) != 1:
            wanted = plain(phrase)
            near = self.near(phrase) if len(wanted) > 3 and term is None else None
            term = near if near is not None and len(near.refs) == 1 else None
        return term.refs[0].column if term is not None else None

    def stemmed(self, word: str) -> Term | None:
        """ "shipped" for ship_date, "active" for is_active."""
        wanted = stem(word)
        if len(wanted) < 3:
            return None
        hits = [
            ref for ref in self.refs
            if ref.role in {Role.DATE, Role.BOOLEAN} and wanted in {stem(w) for w in ref.words}
        ]  # fmt: skip
        return Term(refs=_in_first(hits), stemmed=True) if hits else None

    def value(self, phrase: str) -> Term | None:
        """The values written so, with the columns that hold them."""
        low = folded(phrase).strip()
        hits = (self._values.get(low) or self._values.get(plain(phrase))
                or self._values.get(_squeezed(phrase)) or ())  # fmt: skip
        found: dict[tuple[str, str], tuple[Ref, list[str]]] = {}
        for ref, value in hits:
            found.setdefault((ref.file.path, ref.name), (ref, []))[1].append(value)
        if not found:
            return None
        values = tuple((ref, tuple(dict.fromkeys(held))) for ref, held in found.values())
        first = values[0][0].file.path
        own = tuple(pair for pair in values if pair[0].file.path == first)
        return Term(values=own)

    def spelt(self, phrase: str) -> bool:
        """Whether a value is written just so, capitals included."""
        return any(value == phrase for _, value in self._values.get(folded(phrase).strip(), ()))

    def formed(self, word: str) -> Term | None:
        """Values that are another form of the word: "return" for "returned"."""
        wanted = stem(word)
        hits = [
            held
            for key, held in self._values.items()
            if len(wanted) > 3 and stem(key) == wanted and held[0][0].role is Role.CATEGORY
        ]
        return self.value(hits[0][0][1]) if len(hits) == 1 else None

    def noun(self, phrase: str) -> Term | None:
        """The file whose rows are called so."""
        name = plain(phrase)
        file = self._nouns.get(name) or self._nouns.get(_expanded(name))
        if file is None and len(name) > 3:
            kind = concept(name) if concept(name) not in _MONEY else ""
            alike = [f for noun, f in self._nouns.items() if kind and concept(noun) == kind]
            file = alike[0] if len({f.path for f in alike}) == 1 else None
        return Term(noun=file) if file is not None else None

    def thing(self, phrase: str) -> Term | None:
        """The key of what the word names: "customers" in a file that has only customer_id."""
        wanted = plain(phrase)
        keys = [
            ref for ref in self.refs
            if ref.role in {Role.KEY, Role.CODE}
            and [w for w in ref.words if w not in {"id", "key", "nr", "no", "number", "code", "nummer"}] == wanted.split()
        ]  # fmt: skip
        return Term(refs=_in_first(keys)) if keys else None

    def alike(self, phrase: str) -> Term | None:
        """Columns of another name that mean the same in some language."""
        kinds = {concept(word) for word in plain(phrase).split()} - {""}
        if not kinds or len(kinds) < len([w for w in plain(phrase).split() if w not in SMALL]):
            return None
        same = [ref for ref in self.refs if kinds <= {concept(word) for word in ref.words}]
        return Term(refs=_in_first(same), alike=True) if same else None

    def near(self, word: str) -> Term | None:
        """A column, noun or value whose spelling is nearly this one."""
        wanted = plain(word)
        if len(wanted) < 4:
            return None
        pairs = [(_likeness(wanted, name), 2, name) for name in self._names]
        pairs += [(_likeness(wanted, noun), 1, noun) for noun in self._nouns]
        pairs += [(_likeness(wanted, key), 0, key) for key in self._values if not key.isdigit()]
        score, kind, name = max(pairs, default=(0.0, 0, ""))
        if score < NEAR:
            return None
        if kind == 2:
            return Term(refs=_in_first(self._names[name]), near=name)
        if kind == 1:
            return Term(noun=self._nouns[name], near=name)
        spelt = self._values[name][0][1]
        found = self.value(spelt)
        return Term(values=found.values, near=spelt) if found is not None else None

    def numbers(self) -> tuple[Ref, ...]:
        """The columns that hold amounts of some kind."""
        return tuple(ref for ref in self.refs if ref.column.numeric and ref.role in MEASURES)

    def dates(self, path: str) -> tuple[Ref, ...]:
        """The columns of dates of a file."""
        return tuple(r for r in self.refs if r.file.path == path and r.role is Role.DATE)

    def of_file(self, path: str) -> tuple[Ref, ...]:
        """The columns of a file."""
        return tuple(ref for ref in self.refs if ref.file.path == path)

    def ref(self, field: Field) -> Ref | None:
        """The column of a field."""
        return next(
            (r for r in self.refs if r.file.path == field.file and r.name == field.column), None
        )

    def key(self, file: FileInfo) -> Ref | None:
        """The column that names the file's rows."""
        column = unique_key(file)
        return Ref(file, column) if column is not None else None


_ref = kept(COLUMNS)(Ref)


@kept(INDEXES)
def _indexed(*files: FileInfo) -> _Index:
    refs = tuple(_ref(file, column) for file in files for column in file.columns)
    names: dict[str, list[Ref]] = {}
    values: dict[str, list[tuple[Ref, str]]] = {}
    nouns: dict[str, FileInfo] = {}
    for ref in refs:
        for name in dict.fromkeys((plain(ref.name), " ".join(ref.words))):
            names.setdefault(name, []).append(ref)
        for key, value in _values_of(ref):
            values.setdefault(key, []).append((ref, value))
    for file in files:
        noun = row_noun(file)
        for name in (noun, noun.split()[-1] if noun else ""):
            if name and (name == noun or len(noun.split()) < 3):
                nouns.setdefault(name, file)
    return refs, names, values, nouns


def _values_of(ref: Ref) -> Iterator[tuple[str, str]]:
    """Each value by the ways in which people write it."""
    if ref.column.numeric or ref.role in {Role.DATE, Role.TEXT, Role.PHONE}:
        return
    for value in seen_in(ref.column):
        listed = _listed(value) if ref.role is not Role.NAME else ()
        for key in {folded(value).strip(), plain(value), _squeezed(value), *listed}:
            if len(key) > 1 or (key and ref.role is Role.CATEGORY):
                yield key, value


def _in_first(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """Those in the first file that has any: the files come in the order in which they are meant."""
    found = list(refs)
    return tuple(ref for ref in found if ref.file.path == found[0].file.path)


def _listed(value: str) -> tuple[str, ...]:
    """What a cell lists: "latex; nuts" is latex as well as nuts."""
    listed = re.split(r"\s*(?:[;,|+]|\band\b)\s*", value)
    return tuple(map(plain, listed)) if len(listed) > 1 and all(map(plain, listed)) else ()


def _squeezed(words: str) -> str:
    """Without blanks and hyphens: "narrow boats" is "narrowboat"; "" where little would be left."""
    squeezed = plain(words).replace(" ", "")
    return squeezed if len(squeezed) > 6 else ""


def _expanded(words: str) -> str:
    return " ".join(part for word in words.split() for part in long(word))


def _likeness(wanted: str, name: str) -> float:
    if abs(len(wanted) - len(name)) > 3 or not name or wanted[0] != name[0]:
        return 0.0
    if re.search(r"\d", name) and wanted != name:
        return 0.0
    return SequenceMatcher(None, wanted, name).ratio()


def column_at(words: Sequence[str], file: FileInfo) -> tuple[Column | None, int]:
    """The column whose name the words begin with, the longest name first, and its length."""
    vocabulary = Vocabulary([file])
    for count in range(min(3, len(words)), 0, -1):
        column = vocabulary.sure(" ".join(words[:count]))
        if column is not None:
            return column, count
    return None, 1
