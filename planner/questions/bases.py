"""Which file a question is about: the one whose rows explain most of its words. Pure."""

from collections.abc import Iterator

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.conditions.intervals import interval, is_of_being
from planner.questions.context import Context
from planner.questions.readers.ranked import PEOPLE, holds_people
from planner.questions.semantics import MEASURES, Role, role_of
from planner.questions.sources import Files
from planner.questions.words.lexicon import concept, plain
from planner.questions.words.light import happens, hints, is_light
from planner.questions.words.linking import LIKELY, candidates, is_event
from planner.questions.words.marks import Mark, marked
from planner.questions.words.phrases import HINTS
from planner.questions.words.terms import Ref, Vocabulary

ALIKE, TRIED = 0.35, 3
"""Files this near to the best may be meant as well, so many at most: the one in which everything can
be read is.
"""
NEARLY = 0.1
"""Of files nearer than this the one with fewer questions left is taken."""
SAME = 1e-9
"""Files nearer than this explain the words equally well."""


def choose_base(words: str, files: Files, around: Context) -> FileInfo:
    """The file whose rows are asked about: the one from which most of the words can be reached."""
    ranked = ranked_bases(words, files, around)
    same = [file for score, file in ranked if score >= ranked[0][0] - SAME]
    return which_of(same, same, around)


def likely_bases(words: str, files: Files, around: Context) -> tuple[tuple[float, FileInfo], ...]:
    """The few files that may be meant, the best first."""
    ranked = ranked_bases(words, files, around)
    near = [pair for pair in ranked if pair[0] >= ranked[0][0] - ALIKE]
    return tuple(near[:1] if around.change else near[:TRIED])


def ranked_bases(words: str, files: Files, around: Context) -> tuple[tuple[float, FileInfo], ...]:
    """Every file with how much of the words it explains, the best first."""
    pool = around.pinned or files.every
    if len(pool) == 1:
        return ((1.0, pool[0]),)
    known = Vocabulary(files.every)
    scored = [(_Score(words, file, files, around, known).total(), file) for file in pool]
    if around.pinned and not any(score for score, _ in scored):
        return ((0.0, pool[0]),)
    return tuple(sorted(scored, key=lambda pair: -pair[0]))


def which_of(files: list[FileInfo], alike: list[FileInfo], around: Context) -> FileInfo:
    """The one of those `alike` that people say has the data; `files` are all that were looked at."""
    if len(alike) == 1:
        return alike[0]
    chosen = around.questions.choose(
        asked_slot(files),
        text("Which file has the data?"),
        [file.path for file in alike][:6],
        also=[file.path for file in alike],
    )
    return next(file for file in alike if file.path == chosen)


def asked_slot(files: list[FileInfo]) -> str:
    """What the question about these files is kept by."""
    return f"data file among {', '.join(sorted(file.path for file in files))[:90]}"


class _Score:
    """How much of the words a file explains, itself or through the files its rows lead to."""

    def __init__(
        self, words: str, file: FileInfo, files: Files, around: Context, known: Vocabulary
    ) -> None:
        near = files.reachable(file.path, around.links)
        self._file = file
        self._vocabulary = Vocabulary([file, *near])
        self._known = known
        self._own = self._vocabulary.of_file(file.path)
        self._marks = marked(words, self._vocabulary, around.today)
        self._leads = any(link.many == file.path for link in files.links)
        self._happens = happens(words)
        self._preferred = file.path in around.preferred

    def total(self) -> float:
        """The sum of what each word says for it."""
        score = sum(map(self._worth, self._marks)) + self._noun() + self._dates()
        verbs = any(
            m.letter == "K" and (m.carries != "earn" or m.words == "paid") for m in self._marks
        )
        happened = self._leads and (verbs or self._happens)
        score += self._times() + self._earns() + sum(self._said_besides())
        return score + (0.5 if happened else 0.0) + (0.05 if self._preferred else 0.0)

    def _worth(self, mark: Mark) -> float:
        if mark.letter == "~":
            return self._unknown(mark.words)
        named = mark if mark.term is not None and mark.letter in 'CVE"' else mark.also
        if named is None or named.term is None or named.letter not in 'CVE"':
            return 0.0
        return self._named(named) * (1.0 if named is mark else 0.6)

    def _named(self, mark: Mark) -> float:
        if mark.term is None or mark.letter == "E":
            return 1.3 if self._is_noun(mark) else 0.8
        refs = mark.term.refs or tuple(ref for ref, _ in mark.term.values)
        own = any(ref.file.path == self._file.path for ref in refs)
        rows = self._known.noun(mark.words) if mark.letter == "C" else None
        exact = mark.letter != "C" or any(ref.is_called(mark.words) for ref in refs)
        if rows is not None and rows.noun != self._file and not exact:
            return 0.3  # the rows of another file are called so
        measure = any(r.role in MEASURES for r in refs if r.file.path == self._file.path)
        return (1.0 if exact else 0.9) * (1.0 if own else 0.75) + (0.2 if own and measure else 0.0)

    def _unknown(self, words: str) -> float:
        """A word that no file knows: what it most likely names here, or speaks of."""
        amounts = any(ref.role is Role.AMOUNT for ref in self._own)
        if amounts and concept(plain(words)) in {"revenue", "cost"}:
            return 0.8
        found = candidates(words, self._vocabulary, self._file, deep=not is_light(words))
        if self._is_known(words):  # another file calls something just so
            return found[0].confidence * 0.4 if found else 0.0
        if found and found[0].confidence >= LIKELY:
            return found[0].confidence * 0.9
        own = {concept(word) for ref in self._own for word in ref.words}
        if is_event(words, self._file) or own & {*hints(words)}:
            return 0.3
        return found[0].confidence * 0.5 if found else 0.0

    def _is_known(self, words: str) -> bool:
        looks = (self._known.column, self._known.value, self._known.noun)
        return any(look(words) is not None for look in looks)

    def _said_besides(self) -> Iterator[float]:
        """What adjectives, people and the like say for it: "the heaviest" for one with weights."""
        for mark in self._marks:
            if mark.letter in "TL" and mark.carries in HINTS:
                yield (
                    0.5
                    if any(map(HINTS[mark.carries].intersection, map(_kinds, self._own)))
                    else 0.0
                )
            elif mark.letter in "TL" and mark.carries == "date":
                yield 0.3 if any(ref.role is Role.DATE for ref in self._own) else 0.0
            elif mark.letter in "TL" and mark.carries == "count":  # "busiest": of what happens
                yield 0.3 if self._leads else 0.0
            elif mark.letter in "We" and (mark.carries == "who" or mark.letter == "e"):
                yield 0.3 if any(_kinds(ref) & PEOPLE for ref in self._own) else 0.0
                yield 0.15 if holds_people(self._file) else 0.0
            elif mark.letter == "A" or (mark.letter == "K" and mark.carries != "what"):
                yield 0.3 if any(ref.role is Role.AMOUNT for ref in self._own) else 0.0

    def _times(self) -> float:
        """Something for a file that says how long what was done took: "time spent", "hours worked"."""
        said = {word for m in self._marks if m.letter == "t" for word in plain(m.words).split()}
        own = {word for ref in self._own for word in ref.words}
        return 1.0 if (said - {"time", "hour", "day"}) & own else 0.0

    def _earns(self) -> float:
        """Something for a file whose rows bring money in, where income is asked for."""
        if not any(m.letter == "A" and m.carries == "revenue" for m in self._marks):
            return 0.0
        roles = {role_of(c, self._file.rows) for c in self._file.columns}
        sold = Role.QUANTITY in roles and any(r.role is Role.PRICE for r in self._vocabulary.refs)
        return 0.8 if sold or (Role.AMOUNT in roles and self._leads) else 0.0

    def _noun(self) -> float:
        """Something for the file whose rows are named first."""
        first = next((mark for mark in self._marks if mark.letter == "E"), None)
        return 0.3 if first is not None and self._is_noun(first) else 0.0

    def _is_noun(self, mark: Mark) -> bool:
        noun = mark.term.noun if mark.term is not None else None
        return noun is not None and noun.path == self._file.path

    def _dates(self) -> float:
        """Something for a file that has the dates of which the words speak."""
        dated = sum(ref.role in {Role.DATE, Role.YEAR} for ref in self._own)
        letters = {mark.letter for mark in self._marks}
        there = 0.3 if is_of_being(self._marks) and interval(self._file) is not None else 0.0
        spoken = (dated and letters & {"$", "G"}) or (dated > 1 and "t" in letters)
        return there + (0.6 if spoken else 0.0)


def _kinds(ref: Ref) -> set[str]:
    return {kind for word in ref.words for kind in (word, concept(word))}
