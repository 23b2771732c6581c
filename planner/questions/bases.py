"""Which file a question is about: the one whose rows explain most of its words. Pure."""

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.context import Context
from planner.questions.semantics import MEASURES, Role, role_of
from planner.questions.sources import Files
from planner.questions.words.lexicon import concept, plain
from planner.questions.words.light import happens, hints
from planner.questions.words.linking import NEAR, candidates, is_event
from planner.questions.words.marks import Mark, marked
from planner.questions.words.terms import Vocabulary


def choose_base(words: str, files: Files, around: Context) -> FileInfo:
    """The file whose rows are asked about: the one from which most of the words can be reached."""
    pool = around.pinned or files.every
    if len(pool) == 1:
        return pool[0]
    scored = [(_Score(words, file, files, around).total(), file) for file in pool]
    best = max(score for score, _ in scored)
    first = [file for score, file in scored if score >= best - 1e-9]
    if best == 0 and around.pinned:
        return pool[0]
    if len(first) == 1:
        return first[0]
    slot = f"data file among {', '.join(sorted(file.path for file in first))[:90]}"
    chosen = around.questions.choose(
        slot,
        text("Which file has the data?"),
        [file.path for file in first][:6],
        also=[file.path for file in first],
    )
    return next(file for file in first if file.path == chosen)


class _Score:
    """How much of the words a file explains, itself or through the files its rows lead to."""

    def __init__(self, words: str, file: FileInfo, files: Files, around: Context) -> None:
        near = files.reachable(file.path, around.links)
        self._file = file
        self._vocabulary = Vocabulary([file, *near])
        self._marks = marked(words, self._vocabulary, around.today)
        self._leads = any(link.many == file.path for link in files.links)
        self._happens = happens(words)
        self._preferred = file.path in around.preferred

    def total(self) -> float:
        """The sum of what each word says for it."""
        score = sum(self._worth(mark) for mark in self._marks) + self._noun() + self._dates()
        verbs = any(
            m.letter == "K" and (m.carries != "earn" or m.words == "paid") for m in self._marks
        )
        happened = self._leads and (verbs or self._happens)
        score += self._times() + self._earns()
        return score + (1.0 if happened else 0.0) + (0.05 if self._preferred else 0.0)

    def _worth(self, mark: Mark) -> float:
        if mark.letter == "~":
            return self._unknown(mark.words)
        if mark.term is None or mark.letter not in 'CVE"':
            return 0.0
        if mark.letter == "E":
            return 1.3 if self._is_noun(mark) else 0.8
        refs = mark.term.refs or tuple(ref for ref, _ in mark.term.values)
        own = any(ref.file.path == self._file.path for ref in refs)
        exact = mark.letter != "C" or any(ref.is_called(mark.words) for ref in refs)
        measure = any(r.role in MEASURES for r in refs if r.file.path == self._file.path)
        return (1.0 if exact else 0.9) * (1.0 if own else 0.75) + (0.2 if own and measure else 0.0)

    def _unknown(self, words: str) -> float:
        """A word that no file knows: what it most likely names here, or speaks of."""
        amounts = any(role_of(c, self._file.rows) is Role.AMOUNT for c in self._file.columns)
        if amounts and concept(plain(words)) in {"revenue", "cost"}:
            return 0.8
        found = candidates(words, self._vocabulary, self._file, deep=False)
        if found and found[0].confidence >= NEAR:
            return found[0].confidence * 0.9
        own = {concept(word) for r in self._vocabulary.of_file(self._file.path) for word in r.words}
        if is_event(words, self._file) or own & {*hints(words)}:
            return 0.3
        return 0.0

    def _times(self) -> float:
        """Something for a file that says how long what was done took: "time spent", "hours worked"."""
        said = {word for m in self._marks if m.letter == "t" for word in plain(m.words).split()}
        own = {word for ref in self._vocabulary.of_file(self._file.path) for word in ref.words}
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
        file = self._file
        dated = sum(role_of(column, file.rows) in {Role.DATE, Role.YEAR} for column in file.columns)
        letters = {mark.letter for mark in self._marks}
        return 0.6 if (dated and "$" in letters) or (dated > 1 and "t" in letters) else 0.0
