"""A job's draft in the making: its files, its tasks, what is asked and what is assumed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.draft import CannotPlan, Draft, DraftInput, DraftTask
from planner.names import is_data, nearest, unused
from planner.port import PlanRequest
from planner.questions.asking import Questions

TEXTS = (".txt", ".md", ".markdown", ".log", ".rst", ".html", ".htm", ".xml", ".yaml", ".yml", ".toml",
         ".ini", ".cfg", ".conf", ".env", ".py", ".js", ".ts", ".css", ".sql", ".sh", ".tex", ".srt", ".eml")  # fmt: skip
DOCUMENTS = (".txt", ".md", ".markdown", ".log")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".docx", ".zip", ".parquet", ".webp")

TABLE = "data file"
_TODO = r"to-?_?dos?|tasks?|check-?lists?"
_TODOS = re.compile(rf"(?:^|[^a-z])(?:{_TODO})(?:[^a-z]|$)|^todolist$")
_LISTS = re.compile(rf"(?:^|[^a-z])(?:{_TODO}|shopping|groceries|chores)(?:[^a-z]|$)|list$")


class OtherWork(Exception):
    """The words only look like this job."""


@dataclass
class Making:
    """What is known so far."""

    request: PlanRequest
    questions: Questions
    assumptions: list[str] = field(default_factory=list)
    tasks: list[DraftTask] = field(default_factory=list)
    fresh: bool = False
    """The result is to go to a new file, whatever it is called."""

    def add(
        self, type_: str, title: str, /, **inputs: str | Sequence[str] | DraftTask
    ) -> DraftTask:
        """One more task; an input that is a task takes what that task gives."""
        given: list[DraftInput] = []
        for name, value in inputs.items():
            match value:
                case DraftTask():
                    given.append(DraftInput(name=name, from_task=value.key))
                case str():
                    given.append(DraftInput(name=name, value=value))
                case _:
                    given += [DraftInput(name=name, value=item) for item in value]
        base = type_.rpartition(".")[2]
        keys = {task.key for task in self.tasks}
        key = next(
            name for n in range(1, 100) if (name := base if n == 1 else f"{base}-{n}") not in keys
        )
        task = DraftTask(key=key, title=title[:200], type=type_, inputs=tuple(given))
        self.tasks.append(task)
        return task

    def assume(self, sentence: str) -> None:
        """State an assumption."""
        self.assumptions.append(sentence)

    def drafted(self, title: str = "") -> Draft:
        """All of it as a draft."""
        return Draft(
            title=(title or self.tasks[-1].title)[:200],
            tasks=tuple(self.tasks),
            assumptions=tuple(self.assumptions),
            gaps=tuple(self.questions.gaps),
        )

    def ask(
        self,
        slot: str,
        question: str,
        options: Sequence[str],
        *,
        free: bool = False,
        matters: Literal["plan", "effects"] = "plan",
    ) -> str:
        """The answer, or the first option with the question left open; `free` takes any words.

        Where a new file is wanted, whatever it is called, the first option is one that needs no asking.
        """
        if self.fresh and free and PurePosixPath(options[0]).suffix:
            path = self.free(options[0])
            self.assume(text("It's saved as {path}.", path=path))
            return path
        return self.questions.choose(
            slot, question, options, also=None if free else (), matters=matters
        )

    def table(self, words: str) -> FileInfo:
        """The data file that is meant; asked for where it isn't said or isn't there."""
        files = [file for file in self.request.readable if file.columns or is_data(file.path)]
        return self._file(words, files, text("Which file?"), TABLE)

    def text_file(self, words: str) -> FileInfo:
        """The text file that is meant; a table counts where it is named."""
        files = [file for file in self.request.readable if not _ends(file.path, PICTURES)]
        plain = [file for file in files if _ends(file.path, TEXTS)]
        return self._file(words, files if words else plain, text("Which file?"), "text file")

    def any_file(self, words: str) -> FileInfo:
        """The file that is meant, of whatever kind."""
        return self._file(words, self.request.readable, text("Which file?"), "file")

    def called(self, words: str, files: Sequence[FileInfo] | None = None) -> list[FileInfo]:
        """The files of that path, name or stem."""
        files = self.request.readable if files is None else files
        wanted = words.strip().strip("`\"'").removeprefix("./").casefold()
        for name in (_path, _name, stem):
            found = [file for file in files if name(file.path) == wanted]
            if found:
                return found
        loose = {_letters(wanted), f"{_letters(wanted)}list"}
        return [file for file in files if _letters(stem(file.path)) in loose]

    def exists(self, path: str) -> bool:
        """Whether there is a file of that path."""
        wanted = path.removeprefix("./").casefold()
        return any(_path(file.path) == wanted and _is_there(file) for file in self.request.files)

    def free(self, path: str) -> str:
        """The path, with a number where there's such a file already."""
        whole = PurePosixPath(path)
        taken = {file.path for file in self.request.files if _is_there(file)}
        return unused(str(whole.with_suffix("")), taken, whole.suffix)

    def _file(self, words: str, files: Sequence[FileInfo], question: str, slot: str) -> FileInfo:
        if not words:
            return self._only(files, question, slot)
        found = self.called(words, files)
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            return self._chosen(
                f"{slot} {words}", text("Which {words} do you mean?", words=words), found, files
            )
        self._refuse_unreadable(words)
        if not _looks_like_path(words) or self.called(words):
            raise OtherWork
        if slot == TABLE and not is_data(words.partition("#")[0]):
            raise OtherWork
        if not files:
            raise CannotPlan("There's no file {path} in the project's folder. Put it there, or attach it.",
                             path=words)  # fmt: skip
        stems = {stem(file.path): file for file in reversed(files)}
        alike = [stems[name] for name in nearest(stem(words), stems, alike=0.7)]
        question = text("There's no file {path}. Which one do you mean?", path=words)
        return self._chosen(f"{slot} {words}", question, alike or files, files)

    def _only(self, files: Sequence[FileInfo], question: str, slot: str) -> FileInfo:
        if not files:
            raise CannotPlan(
                "Say which file, with its name; the project's folder has none of that kind."
            )
        if len(files) == 1:
            self.assume(text("The file is {path}.", path=files[0].path))
            return files[0]
        return self._chosen(slot, question, files, files)

    def _chosen(
        self, slot: str, question: str, options: Sequence[FileInfo], files: Sequence[FileInfo]
    ) -> FileInfo:
        by_path = {file.path: file for file in (*options, *files)}
        paths = [file.path for file in options][:6]
        return by_path[self.questions.choose(slot, question, paths, also=list(by_path))]

    def _refuse_unreadable(self, words: str) -> None:
        for file in self.called(words, self.request.files):
            if file.problem and file.size:
                raise CannotPlan(
                    "I can't read {path}: {reason}", path=file.path, reason=file.problem
                )


def _is_there(file: FileInfo) -> bool:
    """A file that was only named is listed, too, with what is wrong with it."""
    return bool(not file.problem or file.size)


def _looks_like_path(words: str) -> bool:
    return bool(PurePosixPath(words).suffix[1:].isalnum() or "/" in words)


def _ends(path: str, endings: tuple[str, ...]) -> bool:
    return path.casefold().endswith(endings)


def _path(path: str) -> str:
    return path.casefold()


def _name(path: str) -> str:
    return PurePosixPath(path.partition("#")[0]).name.casefold()


def _letters(name: str) -> str:
    """The name without what parts its words: "to-do" is "todo"."""
    return re.sub(r"[\s_-]+", "", name)


def is_todo(path: str) -> bool:
    """Whether a file is called like a list of things to do."""
    return path.casefold().endswith(DOCUMENTS) and _TODOS.search(stem(path)) is not None


def is_list(path: str) -> bool:
    """Whether a file is called like a list of things to do or to get."""
    return path.casefold().endswith(DOCUMENTS) and _LISTS.search(stem(path)) is not None


def stem(path: str) -> str:
    """The name of the file without its folder and its ending, in lower case."""
    return PurePosixPath(path.partition("#")[0]).stem.casefold()
