"""The plan as it grows clause by clause: its tasks, what pronouns mean, what is open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from memory.model.agents.spec import INSTRUCTED, AgentSpec
from memory.model.text import text
from memory.model.work.plan import OnFailure
from memory.model.work.value import FileInfo
from planner.draft import (
    CannotPlan,
    Draft,
    DraftCheck,
    DraftCondition,
    DraftEach,
    DraftInput,
    DraftReview,
    DraftTask,
)
from planner.names import is_data, listed, nearest, slug, unused
from planner.port import PlanRequest
from planner.questions.about import inputs_of
from planner.questions.asking import Questions
from planner.questions.describing import title_of
from planner.questions.spec import QuerySpec
from planner.tools import ABOUT

ROWS_SHOWN = 100
OutputKind = Literal["table", "chart", "text", "answer", "report", "file", "page", "check"]
"""What a step gives; a check is a table that only a condition looks at."""


@dataclass
class Step:
    """A task in the making."""

    key: str
    title: str
    type: str
    kind: OutputKind
    agent: str | None = None
    instruction: str = ""
    inputs: list[DraftInput] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    query: QuerySpec | None = None
    when: tuple[DraftCondition, ...] = ()
    each: DraftEach | None = None
    review: DraftReview | None = None
    checks: tuple[DraftCheck, ...] = ()

    def value(self, name: str) -> str:
        """The constant given for an input; "" for none."""
        return next((given.value or "" for given in self.inputs if given.name == name), "")

    def give(self, name: str, value: str) -> None:
        """Set a constant input."""
        self.inputs = [given for given in self.inputs if given.name != name]
        self.inputs.append(DraftInput(name=name, value=value))

    def feed(self, name: str, source: str) -> None:
        """Add the output of another step as input."""
        self.inputs.append(DraftInput(name=name, from_task=source))

    def drafted(self) -> DraftTask:
        """As a drafted task."""
        return DraftTask(
            key=self.key, title=self.title, type=self.type, agent=self.agent,
            instruction=self.instruction, inputs=tuple(self.inputs), after=tuple(self.after),
            when=self.when, each=self.each, review=self.review,
            checks=self.checks,
        )  # fmt: skip


@dataclass
class Sketch:
    """All that was understood so far."""

    request: PlanRequest
    questions: Questions
    steps: list[Step] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    file: FileInfo | None = None
    loaded: tuple[FileInfo, ...] = ()
    """Files that were loaded together; which of them is meant shows in what is asked next."""
    given: tuple[FileInfo | None, tuple[FileInfo, ...]] = (None, ())
    """The files that the whole request is about."""
    anew: bool = False
    """What is read now has to do with nothing that was asked before it."""
    document: str = ""
    """A text file that was named and not read yet."""
    query: QuerySpec | None = None
    preface: list[str] = field(default_factory=list)
    """Words before the first order; whoever writes first is told of them."""
    title: str = ""
    on_failure: OnFailure = "continue"
    review: DraftReview | None = None
    demands: list[str] = field(default_factory=list)
    """Sentences on what the text that is written must be like."""
    checks: list[DraftCheck] = field(default_factory=list)
    """The owner's programs that are to look at the result."""
    limits: dict[str, object] = field(default_factory=dict)
    """What was said of every step: its priority, how often it is tried, what it may cost."""

    @property
    def last(self) -> Step | None:
        """The newest step."""
        return self.steps[-1] if self.steps else None

    def all_of(self, kind: OutputKind) -> list[Step]:
        """The steps that gave this, in order."""
        return [step for step in self.steps if step.kind == kind]

    def newest(self, *kinds: OutputKind) -> Step | None:
        """The newest step that gave one of these."""
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    def add(self, type_: str, title: str, kind: OutputKind, *, key: str = "") -> Step:
        """A new step, its key not used before."""
        base = slug(key or type_.split(".")[-1], limit=40)
        name = unused(base, {step.key for step in self.steps})
        step = Step(key=name, title=title[:200], type=type_, kind=kind)
        self.steps.append(step)
        return step

    def settle(self) -> Step | None:
        """The newest result: a pending query becomes a task, a named document is read."""
        if self.query is not None:
            query, self.query = self.query, None
            return self._asked(query)
        if self.document:
            path, self.document = self.document, ""
            step = self.add("files.read", text("Read {path}", path=path), "text", key="read")
            step.give("path", path)
        return self.last

    def begin_anew(self) -> None:
        """What comes next has to do with nothing before it."""
        self.settle()
        self.anew, (self.file, self.loaded) = True, self.given

    def _asked(self, query: QuerySpec) -> Step:
        step = self.add("data.query", title_of(query).capitalize(), "table", key="table")
        step.query = query
        takes = {parameter.name for parameter in self.tool("data.query").parameters}
        step.inputs = [*inputs_of(query, about=ABOUT in takes)]
        writers = {earlier.value("path"): earlier.key for earlier in reversed(self.steps)}
        step.after += [writers[path] for path in query.paths if path in writers]
        return step

    def has_model(self, task_type: str) -> bool:
        """Whether an agent that is told in words can do this type."""
        return any(agent.kind in INSTRUCTED for agent in self.request.catalogue.able(task_type))

    def tool(self, name: str) -> AgentSpec:
        """The tool of this name. Raises CannotPlan where it is not installed."""
        able = self.request.catalogue.able(name)
        if not able:
            raise CannotPlan("That needs the tool {name}, which isn't installed.", name=name)
        return able[0]

    def run_tool(
        self, name: str, title: str, kind: OutputKind, /, *, key: str, **inputs: "str | Step"
    ) -> Step:
        """A new step for the tool; an input of "" is left out. Raises CannotPlan like `tool`."""
        self.tool(name)
        step = self.add(name, title, kind, key=key)
        for parameter, value in inputs.items():
            if isinstance(value, Step):
                step.feed(parameter, value.key)
            elif value:
                step.give(parameter, value)
        return step

    def known_file(self, path: str) -> FileInfo:
        """The file at this path, or the one a person chose instead. Raises CannotPlan."""
        files = self.request.readable
        called = _called(path, files)
        if len(called) == 1:
            return called[0]
        alike = called or self._alike(path)
        if not files:
            raise CannotPlan(
                "There's no file {path}: the project's folder is empty. Put the file there first.",
                path=path,
            )
        if not alike:
            names = listed(_paths(files[:5]), word="and")
            raise CannotPlan(
                "There's no file {path} in the project's folder; it has {names}.",
                path=path,
                names=names,
            )
        question = (
            text("Which {path} do you mean?", path=path)
            if called
            else text("There's no {path}. Which file do you mean?", path=path)
        )
        return self._choose(f"file {path}", question, alike, files)

    def assume(self, assumption: str) -> None:
        """State an assumption once."""
        if assumption not in self.assumptions:
            self.assumptions.append(assumption)

    def drafted(self, title: str) -> Draft:
        """All of it as a draft."""
        return Draft(
            title=title[:200],
            tasks=tuple(step.drafted().model_copy(update=self.limits) for step in self.steps),
            on_failure=self.on_failure,
            assumptions=tuple(self.assumptions),
            gaps=tuple(self.questions.gaps),
        )

    def _alike(self, path: str) -> list[FileInfo]:
        """Files whose names, without the ending they all share, are nearly this one.

        Raises CannotPlan where the file itself is there and can't be read.
        """
        self._refuse_unreadable(path)
        stems = {PurePosixPath(file.path).stem: file for file in self.request.readable}
        return [stems[name] for name in nearest(PurePosixPath(path).stem, stems, alike=0.7)]

    def tables(self) -> list[FileInfo]:
        """The files that hold rows. Raises CannotPlan where there are none."""
        tables = [file for file in self.request.readable if file.columns or is_data(file.path)]
        if not tables:
            for file in self.request.files:
                if is_data(file.path):
                    self._refuse_unreadable(file.path)
            raise CannotPlan(
                "There's no data file in the project's folder. Put a CSV, JSON or Parquet file "
                "there, or attach one, and name it."
            )
        return tables

    def _refuse_unreadable(self, path: str) -> None:
        for file in _called(path, self.request.files):
            if file.problem and file.size:
                raise CannotPlan(
                    "I can't read {path}: {reason}", path=file.path, reason=file.problem
                )

    def _choose(
        self, slot: str, question: str, options: Sequence[FileInfo], files: Sequence[FileInfo]
    ) -> FileInfo:
        """The file that a person chose, or the first option with the question left open."""
        paths = _paths(files)
        chosen = self.questions.choose(slot, question, _paths(options)[:6], also=paths)
        return files[paths.index(chosen)]


def _paths(files: Iterable[FileInfo]) -> list[str]:
    return [file.path for file in files]


def _called(path: str, files: Sequence[FileInfo]) -> list[FileInfo]:
    """The files of this path, or of this name in any folder where no folder was said."""
    wanted = path.strip().removeprefix("./").lower()
    exact = [file for file in files if file.path.lower() == wanted]
    if exact or "/" in wanted:
        return exact
    return [file for file in files if PurePosixPath(file.path).name.lower() == wanted]
