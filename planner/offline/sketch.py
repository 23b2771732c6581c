"""The plan as it grows clause by clause: steps, what pronouns mean, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from memory.model.agents.spec import INSTRUCTED, AgentSpec
from memory.model.work.plan import OnFailure
from memory.model.work.value import FileInfo
from planner.draft import (
    Draft,
    DraftCheck,
    DraftCondition,
    DraftEach,
    DraftInput,
    DraftReview,
    DraftTask,
    Gap,
)
from planner.names import listed, nearest, slug
from planner.offline.data.columns import find_column, plain
from planner.offline.data.query import Query
from planner.offline.grammar.refusal import CannotPlan
from planner.port import PlanRequest

DATA = frozenset({"csv", "tsv", "json", "jsonl", "ndjson", "parquet", "xlsx", "xls"})
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
    query: Query | None = None
    when: tuple[DraftCondition, ...] = ()
    each: DraftEach | None = None
    review: DraftReview | None = None
    checks: tuple[DraftCheck, ...] = ()

    def value(self, name: str) -> str:
        """The constant given for an input; "" for none."""
        return next((one.value or "" for one in self.inputs if one.name == name), "")

    def give(self, name: str, value: str) -> None:
        """Set a constant input."""
        self.inputs = [one for one in self.inputs if one.name != name]
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
    answers: Mapping[str, str]
    steps: list[Step] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    file: FileInfo | None = None
    loaded: tuple[FileInfo, ...] = ()
    """Files that were loaded together; which of them is meant shows in what is asked next."""
    document: str = ""
    """A text file that was named and not read yet."""
    query: Query | None = None
    joins: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    """Files joined, and the SQL that joins them, under the name of what comes out."""
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

    def newest(self, *kinds: OutputKind) -> Step | None:
        """The newest step that gave one of these."""
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    def add(self, type_: str, title: str, kind: OutputKind, *, key: str = "") -> Step:
        """A new step, its key not used before."""
        base = slug(key or type_.split(".")[-1], limit=40)
        taken = {step.key for step in self.steps}
        name, number = base, 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        step = Step(key=name, title=title[:200], type=type_, kind=kind)
        self.steps.append(step)
        return step

    def settle(self) -> Step | None:
        """The newest result: a pending query becomes a step, a named document is read."""
        if self.query is not None:
            query, self.query = self.query, None
            step = self.add("data.query", query.title().capitalize(), "table", key="table")
            paths, joined = self.joins.get(query.source, ((query.source,), ""))
            query = replace(query, joined=joined)
            step.inputs = [
                *(DraftInput(name="sources", value=path) for path in paths),
                DraftInput(name="sql", value=query.sql()),
            ]
            step.query = query
            writers = [self._writer(path) for path in paths]
            step.after += [writer for writer in writers if writer]
            return step
        if self.document:
            path, self.document = self.document, ""
            step = self.add("files.read", f"Read {path}", "text", key="read")
            step.give("path", path)
            return step
        return self.last

    def has_model(self, task_type: str) -> bool:
        """Whether an agent that is told in words can do this type."""
        return any(one.kind in INSTRUCTED for one in self.request.catalogue.able(task_type))

    def tool(self, name: str) -> AgentSpec:
        """The tool of this name. Raises CannotPlan where it is not installed."""
        found = self.request.catalogue.able(name)
        if not found:
            raise CannotPlan(f"That needs the tool {name}, which is not installed here.")
        return found[0]

    def known_file(self, path: str) -> FileInfo:
        """The file at this path, or the one a person chose instead. Raises CannotPlan."""
        files = self.request.readable
        exact = _called(path, files)
        if len(exact) == 1:
            return exact[0]
        if not exact:
            self._refuse_unreadable(path)
        slot = f"file {path}"
        chosen = next((one for one in files if one.path == self.answers.get(slot)), None)
        if chosen is not None:
            return chosen
        alike = exact or self._alike(path)
        if not alike:
            names = listed([one.path for one in files[:5]], word="and")
            there = f"there is {names}" if names else "it has no files yet; put it there first"
            raise CannotPlan(f"There is no file {path} in the project's folder; {there}.")
        self.gaps.append(
            Gap(
                slot=slot,
                question=f"There is no {path}; which file do you mean?"
                if not exact
                else f"Which {path} do you mean?",
                options=tuple(one.path for one in alike[:6]),
                default=alike[0].path,
                matters="plan",
                accepts=tuple(one.path for one in files[:200]),
            )
        )
        return alike[0]

    def data_file(self, words: str) -> FileInfo:
        """The data file that is meant: the one in use, named, holding the columns, or the only."""
        if self.file is not None:
            return self.file
        tables = [one for one in self.request.readable if one.columns or _ending(one.path) in DATA]
        if not tables:
            for one in self.request.files:
                if _ending(one.path) in DATA:
                    self._refuse_unreadable(one.path)
            raise CannotPlan(
                "There is no data file in the project's folder; put a CSV, JSON or Parquet file "
                "there, or attach it, and name it."
            )
        said = set(plain(words).split())
        named = [one for one in tables if said & set(plain(PurePosixPath(one.path).stem).split())]
        holding = [one for one in tables if any(find_column(w, one.columns) for w in said)]
        pool = named or holding or tables
        self.file = pool[0] if len(pool) == 1 else self._which(pool)
        if len(pool) == 1 and not named:
            self.assume(f"The data is in {pool[0].path}.")
        return self.file

    def assume(self, text: str) -> None:
        """State an assumption once."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    def drafted(self, title: str) -> Draft:
        """All of it as a draft."""
        tasks = tuple(step.drafted() for step in self.steps)
        return Draft(
            title=title[:200],
            tasks=tuple(one.model_copy(update=self.limits) for one in tasks),
            on_failure=self.on_failure,
            assumptions=tuple(self.assumptions),
            gaps=tuple(self.gaps),
        )

    def _writer(self, path: str) -> str:
        return next((step.key for step in self.steps if step.value("path") == path), "")

    def _alike(self, path: str) -> list[FileInfo]:
        """Files whose names, without the ending they all share, are nearly this one."""
        stems = {PurePosixPath(one.path).stem: one for one in self.request.readable}
        return [stems[name] for name in nearest(PurePosixPath(path).stem, stems, alike=0.7)]

    def _refuse_unreadable(self, path: str) -> None:
        """Raises CannotPlan where the file is there but cannot be read."""
        for one in _called(path, self.request.files):
            if one.problem and one.size:
                raise CannotPlan(f"{one.path} cannot be read: {one.problem}")

    def _which(self, pool: list[FileInfo]) -> FileInfo:
        slot = f"data file among {', '.join(sorted(one.path for one in pool))[:90]}"
        chosen = next((one for one in pool if one.path == self.answers.get(slot)), None)
        if chosen is None:
            chosen = pool[0]
            self.gaps.append(
                Gap(
                    slot=slot,
                    question="Which file has the data?",
                    options=tuple(one.path for one in pool[:6]),
                    default=chosen.path,
                    matters="plan",
                    accepts=tuple(one.path for one in pool[:200]),
                )
            )
        return chosen


def _ending(path: str) -> str:
    return PurePosixPath(path).suffix.lower().removeprefix(".")


def _called(path: str, files: Sequence[FileInfo]) -> list[FileInfo]:
    """The files of this path, or of this name in any folder where no folder was said."""
    wanted = path.strip().removeprefix("./").lower()
    exact = [one for one in files if one.path.lower() == wanted]
    if exact or "/" in wanted:
        return exact
    return [one for one in files if PurePosixPath(one.path).name.lower() == wanted]
