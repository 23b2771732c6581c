"""Rows whose key nobody knows in the file it leads to: "payments for a plot that isn't on our list"."""

from collections.abc import Iterator, Sequence

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.readers.state import Reading
from planner.questions.semantics import NAMING
from planner.questions.sources import Link
from planner.questions.spec import Linked
from planner.questions.words.lexicon import plain, word_set
from planner.questions.words.marks import Line, Mark, refs_of
from planner.questions.words.terms import Ref

_KNOWN = word_set(
    "exist recognise recognize know list listed roll book record register registered catalogue "
    "sheet match matching found tab index hold system"
)
"""What is said of a thing that is in the books."""
_BARE = word_set("without no with never nobody drop except excluding")
_TAIL = "IwE~C"


def take_strangers(line: Line, reading: Reading) -> None:
    """Take out what says that the row's key has no partner."""
    for place in [n for n, mark in enumerate(line.marks) if mark.letter == "X"][::-1]:
        _taken(line, reading, place)


def _taken(line: Line, reading: Reading, place: int) -> None:
    end = _end(line.marks, place + 1)
    sign, tail = line.marks[place], line.marks[place + 1 : end]
    behind = line.marks[end].letter if end < len(line.marks) else ","
    if {*sign.words.lower().split()} & _BARE or behind in "KVON$" or not _says_known(tail):
        return
    found = _link(line.marks[:place], tail, reading)
    if found is None:
        return
    link, start = found
    while start and _tells_same(line.marks[start - 1], link):
        start -= 1
    own, other = _ref(reading, link.many, link.left), _ref(reading, link.single, link.right)
    line.marks[start:end] = [Mark("_", "")]
    reading.base = reading.files.by_path[link.many]
    reading.assume(
        text("Only rows count whose {column} isn't in {path}.", column=own.name, path=link.single)
    )
    reading.only(
        Linked(field=own.field, other=other.field, negated=True),
        text("{column} not in {path}", column=own.name, path=link.single),
    )


def _end(marks: Sequence[Mark], start: int) -> int:
    at = start
    while at < len(marks) and marks[at].letter in _TAIL:
        at += 1
    return at


def _says_known(tail: Sequence[Mark]) -> bool:
    """Whether it is only about being in a file: nothing at all ("we don't have"), or words for that."""
    for mark in tail:
        known = {*plain(mark.words).split()} & _KNOWN or mark.letter in "Iw" or _file(mark)
        if not known:
            return False
    return True


def _file(mark: Mark) -> FileInfo | None:
    rows = mark if mark.letter == "E" else mark.also
    return rows.term.noun if rows is not None and rows.term is not None else None


def _link(
    before: Sequence[Mark], tail: Sequence[Mark], reading: Reading
) -> tuple[Link, int] | None:
    """The link that is broken, and where what it is about begins."""
    links = (*reading.links, *reading.files.links)
    there = [file.path for mark in tail if (file := _file(mark)) is not None]
    subject = next((n for n in range(len(before) - 1, -1, -1) if before[n].letter in "EC"), None)
    if subject is None or any(mark.letter not in "IwW~" for mark in before[subject + 1 :]):
        return None
    mark = before[subject]
    many = [file.path for m in before[:subject] if (file := _file(m)) is not None]
    for link in _in_order(links, [*many, reading.base.path]):
        if there and link.single != there[-1]:
            continue
        named = _names(mark, link)
        if named or (there and subject == 0 and _is_rows(mark, link.many)):
            return link, subject if named else subject + 1
    return None


def _in_order(links: Sequence[Link], files: Sequence[str]) -> Iterator[Link]:
    for path in dict.fromkeys(files):
        yield from (link for link in links if link.many == path)


def _names(mark: Mark, link: Link) -> bool:
    """Whether the mark is what the key leads to: rows of the file, its key, or the key here."""
    file = _file(mark)
    if file is not None and file.path == link.single:
        return True
    keys = {(link.many, link.left), (link.single, link.right)}
    refs = refs_of(mark) if mark.letter == "C" else ()
    if any((ref.file.path, ref.name) in keys for ref in refs):
        return True
    return any(ref.file.path == link.single and ref.role in NAMING for ref in refs)


def _tells_same(mark: Mark, link: Link) -> bool:
    """ "with a castle code": words in front of the key that say no more than it."""
    own = mark.letter == "C" and all(ref.file.path == link.single for ref in refs_of(mark))
    return own or (mark.letter == "w" and mark.words.startswith("with"))


def _is_rows(mark: Mark, path: str) -> bool:
    file = _file(mark)
    return file is not None and file.path == path


def _ref(reading: Reading, path: str, name: str) -> Ref:
    file = reading.files.by_path[path]
    return Ref(file, next(column for column in file.columns if column.name == name))
