"""Why: the agents of a plan with their numbers, what a plan took for granted, why a run failed."""

from collections.abc import Sequence
from typing import Final

from bot.language.asking.subjects import Subject
from bot.queries.about.question import Question
from bot.queries.asking import Asking
from memory.model.agents.routing import Considered, WorkType
from memory.model.agents.spec import Catalogue
from memory.model.base import AgentName, Model, RunId, TaskKey
from memory.model.identity import ThreadRef
from memory.model.work.approval import PlanState
from memory.model.work.graph import Task
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, RunView, TaskState, TaskView
from memory.store.planning import plans
from memory.store.running import attempts

SHOWN: Final = 6


class Candidate(Model):
    """An agent with the numbers it was chosen on, or passed over, when the plan was drawn up."""

    agent: str
    stood: Considered


class WhyAgent(Model):
    """A task's agent: `reason` as the plan has it, and how everyone stood who could do it then.

    Nothing is reckoned anew; there are no candidates where nothing was chosen.
    """

    number: int
    task: str
    task_type: str
    agent: str
    reason: str
    candidates: tuple[Candidate, ...]
    after: tuple[str, ...]
    """Titles of the tasks it waits for or takes its material from."""
    work: WorkType | None = None
    """What it was counted as, where the project's history told; else its type was in the words."""


class WhyPlan(Model):
    """A plan as it was drawn up: who by, from what, and the tasks in question."""

    title: str
    author: str
    assumptions: tuple[str, ...]
    basis: str
    tasks: tuple[WhyAgent, ...]
    unused: tuple[str, ...] = ()
    """Agents that were asked about and do nothing in it."""


class FailedTask(Model):
    """A task that failed: by whom, how often it was tried, and what was said last."""

    task: str
    agent: str
    tried: int
    reason: str


class WhyFailed(Model):
    """A run that failed, with the tasks that did."""

    title: str
    problem: str
    tasks: tuple[FailedTask, ...]
    skipped: int


async def why_failed(asking: Asking, thread: ThreadRef) -> WhyFailed | None:
    """The thread's newest run that failed, else the project's; None where none did."""
    asking.must_see()
    failed = await _newest_failed(asking, thread.key) or await _newest_failed(asking, None)
    if failed is None:
        return None
    broken = [task for task in failed.tasks if task.state is TaskState.FAILED]
    return WhyFailed(
        title=failed.title,
        problem=failed.problem,
        tasks=tuple([await _failed_task(asking, failed.id, task) for task in broken]),
        skipped=sum(task.state is TaskState.SKIPPED for task in failed.tasks),
    )


async def _newest_failed(asking: Asking, thread_key: str | None) -> RunView | None:
    found = await asking.desk.executor.runs(asking.project, thread_key=thread_key, limit=20)
    return next((view for view in found if view.state is RunState.FAILED), None)


async def _failed_task(asking: Asking, run: RunId, task: TaskView) -> FailedTask:
    catalogue = asking.desk.executor.catalogue()
    told = await attempts.failures(asking.connection, run, task.key)
    return FailedTask(
        task=task.title,
        agent=_title(catalogue, task.agent),
        tried=task.attempts,
        reason=task.note or (told[-1][1] if told else ""),
    )


async def why_plan(
    asking: Asking, asked: Question, thread: ThreadRef, number: int
) -> WhyPlan | None:
    """The thread's newest plan; the task with this number, or those of the agent that is named."""
    asking.must_see()
    newest = await plans.newest(asking.connection, asking.project, thread.key, *_SEEN)
    if newest is None:
        return None
    stored = await plans.load(asking.connection, asking.project, newest)
    plan = stored.plan
    meant = _meant(plan, asked.subject, number)
    titles = {task.key: task.title for task in plan.graph.tasks}
    tasks = [_why(asking, plan, task, titles) for task in meant[:SHOWN]]
    doers = {task.agent for task in plan.graph.tasks}
    return WhyPlan(
        title=plan.title,
        author=plan.author,
        assumptions=plan.assumptions,
        basis=plan.estimate.basis,
        tasks=tuple(tasks),
        unused=tuple(agent.title for agent in asked.subject.agents if agent.name not in doers),
    )


_SEEN: Final = (PlanState.WAITING, PlanState.APPROVED, PlanState.STARTED)


def _meant(plan: Plan, about: Subject, number: int) -> list[Task]:
    tasks = list(plan.graph.tasks)
    if 0 < number <= len(tasks):
        return [tasks[number - 1]]
    named = {agent.name for agent in about.agents}
    mine = [task for task in tasks if task.agent in named]
    return mine or _of_type(about.task_type, tasks) or _able(about, tasks) or tasks


def _of_type(kind: str, tasks: Sequence[Task]) -> list[Task]:
    return [task for task in tasks if kind and task.type == kind]


def _able(about: Subject, tasks: Sequence[Task]) -> list[Task]:
    """The tasks that an agent which is named could do, where one of them does nothing."""
    unused = {agent.name for agent in about.agents} - {task.agent for task in tasks}
    return [task for task in tasks if unused and _could(about, task)]


def _could(about: Subject, task: Task) -> bool:
    return any(task.type in agent.task_types for agent in about.agents)


def _why(asking: Asking, plan: Plan, task: Task, titles: dict[TaskKey, str]) -> WhyAgent:
    catalogue = asking.desk.executor.catalogue()
    choice = task.choice
    return WhyAgent(
        number=[known.key for known in plan.graph.tasks].index(task.key) + 1,
        task=task.title,
        task_type=task.type,
        agent=_title(catalogue, task.agent),
        reason=task.reason,
        candidates=tuple(
            Candidate(agent=_title(catalogue, stood.agent), stood=stood)
            for stood in ((choice.chosen, *choice.over) if choice and choice.over else ())
        ),
        after=tuple(titles[key] for key in task.needs() if key in titles),
        work=task.work,
    )


def _title(catalogue: Catalogue, name: AgentName) -> str:
    spec = catalogue.find(name)
    return spec.title if spec else name
