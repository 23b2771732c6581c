"""The nearest that can be done with the files that are there, for sentences that refuse something. Pure."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.questions.semantics import ADDED, MEASURES, Role, role_of
from planner.questions.words.lexicon import plain
from planner.questions.words.light import is_light
from planner.questions.words.linking import candidates
from planner.questions.words.terms import Vocabulary

_ASKING: Final = re.compile(
    r"\b(?:how (?:many|much)|number of|totals?|sum|average|mean|median|count|by|per|top|bottom|first|last|where|over|under)\b",
    re.IGNORECASE,
)


_ARTICLES: Final = frozenset({"the", "my", "our", "this", "that", "a", "an", "file"})
ROWS: Final = "number of rows"
Files = Sequence[FileInfo]


def example(files: Files, words: str = "") -> str:
    """A question in words that these files answer, about what the words name; "" where no file has rows."""
    file = nearest_table(files, words)
    if file is None:
        return ""
    near = linked(file, words)
    figure = max(measures_of(file), key=lambda made: near.get(made.partition(" ")[2], 0.0))
    groups = [group for group in groups_of(file) if group not in figure]
    by = max(groups, key=lambda group: near.get(group, 0.0), default="")
    return f"{figure} by {by} in {file.path}" if by else f"{figure} in {file.path}"


def linked(file: FileInfo, words: str) -> dict[str, float]:
    """The columns that the words may mean, as names or by what they hold, and how sure that is."""
    vocabulary = Vocabulary([file])
    found: dict[str, float] = {}
    for word in plain(words).split():
        for candidate in () if is_light(word) else candidates(word, vocabulary, file, deep=False):
            for ref in (*candidate.term.refs, *(ref for ref, _ in candidate.term.values)):
                found[ref.name] = max(found.get(ref.name, 0.0), candidate.confidence)
    return found


def offer(files: Files, words: str = "") -> str:
    """A sentence that says what can be done instead with the files of the project."""
    asked = example(files, words)
    document = nearest_text(files, words)
    if asked and (document is None or not _is_named(document, words)):
        return text("With your files I can work out “{question}”, for example, and chart or save it.",
                    question=asked)  # fmt: skip
    if document is not None:
        return text("With {path} I can show it, search it, count its words or pick its most important "
                    "sentences.", path=document.path)  # fmt: skip
    return text("Put a file into the project's folder or attach one, and I can query, chart, convert "
                "and save it.")  # fmt: skip


def asks(words: str, files: Files) -> bool:
    """Whether the words ask something of the files, rather than only name one or anything at all."""
    if _ASKING.search(words):
        return True
    said = set(plain(words).split())
    for file in files:
        stem = set(plain(PurePosixPath(file.path).stem).split())
        if _is_named(file, words) and said - stem - _ARTICLES - {
            PurePosixPath(file.path).suffix[1:]
        }:
            return True
        if file.columns and stem & said and not _is_named(file, words):
            return True
    return False


def nearest_table(files: Files, words: str) -> FileInfo | None:
    """The file with rows that the words name, or whose columns and values they name most; else the first."""
    tables = [file for file in files if file.columns]
    said = set(plain(words).split())
    return max(tables, key=lambda file: _likeness(file, words, said), default=None)


def nearest_text(files: Files, words: str) -> FileInfo | None:
    """The file of words that is named, else the first."""
    texts = [file for file in files if not file.columns]
    return max(texts, key=lambda file: _is_named(file, words), default=None)


def _is_named(file: FileInfo, words: str) -> bool:
    name = PurePosixPath(file.path.partition("#")[0])
    return bool(re.search(rf"(?<![\w/.-]){re.escape(name.name)}\b", words, re.IGNORECASE))


def _likeness(file: FileInfo, words: str, said: set[str]) -> float:
    stem = set(plain(PurePosixPath(file.path).stem.replace("_", " ")).split())
    columns = {
        word for column in file.columns for word in plain(column.name.replace("_", " ")).split()
    }
    values = {
        word for column in file.columns for value in column.values for word in plain(value).split()
    }
    found = 4.0 * _is_named(file, words) + 2.0 * len(stem & said) + len(columns & said)
    added = any(role_of(column_of(file, name), file.rows) in ADDED for name in figures_of(file))
    found += 0.5 * len(values & said) + 0.1 * added
    return found + sum(linked(file, words).values())


def measures_of(file: FileInfo) -> list[str]:
    """What can be worked out of a table, the likeliest first."""
    found = []
    for name in figures_of(file):
        added = role_of(column_of(file, name), file.rows) in ADDED
        found.append(f"{'total' if added else 'average'} {name}")
    return [*found[:4], ROWS]


def figures_of(file: FileInfo) -> list[str]:
    """The columns whose numbers are figures, those that are added up first."""
    roles = {column.name: role_of(column, file.rows) for column in file.columns}
    figures = [
        name for name, role in roles.items() if role in MEASURES and column_of(file, name).numeric
    ]
    return sorted(figures, key=lambda name: roles[name] not in ADDED)


def groups_of(file: FileInfo) -> list[str]:
    """By what a table can be split: kinds first, then time, then names."""
    by_role: dict[Role, list[str]] = {}
    for column in file.columns:
        by_role.setdefault(role_of(column, file.rows), []).append(column.name)
    kinds = [*by_role.get(Role.CATEGORY, ()), *by_role.get(Role.BOOLEAN, ())]
    months = ["month"] if by_role.get(Role.DATE) else []
    found = [*kinds[:4], *months, *by_role.get(Role.NAME, ())]
    return found or [column.name for column in file.columns][:3]


def column_of(file: FileInfo, name: str) -> Column:
    """The column of that name. Raises StopIteration."""
    return next(column for column in file.columns if column.name == name)
