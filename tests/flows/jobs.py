"""Requests planned by the planner and done by the real tools, on real files, without a chat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from executor.agents.registry import load
from executor.data import file_shapes
from executor.data.trials import tried
from executor.egress.files import ProjectFiles
from executor.port import Call
from memory.model.agents.spec import Catalogue
from memory.model.base import ProjectId, RequestId
from memory.model.identity import Identity
from memory.model.work.graph import Const, FromTask, Input, Many, Task
from memory.model.work.plan import Plan
from memory.model.work.value import Table, Text, Value
from planner.port import Answer, Answered, Declined, NeedsAnswers, PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock

ANA = Identity(platform="console", workspace="local", user_id="ana", display="ana")
KIM = Identity(platform="console", workspace="local", user_id="U7", display="kim")


@dataclass
class Outcome:
    """What came of a request: the questions on the way, and what the tools gave."""

    questions: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    plan: Plan | None = None
    values: dict[str, Value] = field(default_factory=dict)
    told: str = ""
    """An answer or a refusal, where there is no plan."""

    @property
    def text(self) -> str:
        """All texts it gave."""
        return "\n".join(value.text for value in self.values.values() if isinstance(value, Text))

    @property
    def rows(self) -> tuple[tuple[object, ...], ...]:
        """The rows of its last table."""
        tables = [value for value in self.values.values() if isinstance(value, Table)]
        return tables[-1].rows


class Jobs:
    """Plans and does requests in a folder."""

    def __init__(self, folder: Path, planner: Planner, clock: SetClock) -> None:
        self.folder = folder
        self._planner = planner
        self._clock = clock
        self._agents = {agent.spec.name: agent for agent in load((), clock=clock, third_parties=())}

    async def do(self, words: str, *answers: str) -> Outcome:
        """Plan it, answer its questions in order ("" keeps a default), and do every task."""
        outcome, given, left = Outcome(), list[Answer](), list(answers)
        result = await self._planner.plan(self._request(words))
        while isinstance(result, NeedsAnswers):
            for question in result.questions:
                outcome.questions.append((question.text, question.options))
                answer = (left.pop(0) if left else "") or question.default
                given.append(Answer(slot=question.slot, value=answer))
            result = await self._planner.answer(self._request(words, given))
        match result:
            case Ready(plan=plan):
                outcome.plan = plan
                await self._run(plan, outcome)
            case Answered(text=text) | Declined(text=text):
                outcome.told = text
        return outcome

    def _request(self, words: str, answers: Sequence[Answer] = ()) -> PlanRequest:
        files = ProjectFiles(self.folder)
        shapes = file_shapes.every(files)
        return PlanRequest(
            project=ProjectId("p1"), request=RequestId("req_1"), text=words, author=ANA, people=(KIM,),
            files=shapes, catalogue=Catalogue(agents=tuple(a.spec for a in self._agents.values())),
            answers=tuple(answers), trial=partial(tried, files), now=self._clock.now(),
        )  # fmt: skip

    async def _run(self, plan: Plan, outcome: Outcome) -> None:
        for layer in plan.graph.layers():
            for task in layer:
                call = self._call(task, outcome)
                outcome.values[task.key] = (await self._agents[task.agent].run(call)).value

    def _call(self, task: Task, outcome: Outcome) -> Call:
        inputs = {name: _filled(given, outcome) for name, given in task.inputs.items()}
        return Call(project=ProjectId("p1"), task=task, inputs=inputs, files=ProjectFiles(self.folder),
                    effect_key=f"run:{task.key}:1", timeout_s=20)  # type: ignore[arg-type]  # fmt: skip


def _filled(given: Input, outcome: Outcome) -> object:
    match given:
        case Const(value=value):
            return value
        case FromTask(task=key):
            return outcome.values[key]
        case Many(items=items):
            return [_filled(item, outcome) for item in items]
    raise AssertionError(given)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file's bytes, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
