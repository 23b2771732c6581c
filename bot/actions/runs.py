"""What people do with runs: pause, resume, cancel, retry, undo, answer and rate.

The executor writes the audit row of each deed, in the act's transaction.
"""

from bot.actions.act import Act, Actor, acting, action
from bot.actions.plans.knowledge import remember_opinion
from bot.services import Desk
from memory.model.agents.spec import EffectClass
from memory.model.authority import DECIDERS, About, Right
from memory.model.base import Model, ProjectId, RunId
from memory.model.errors import Conflict, NotAllowed
from memory.store.knowledge import learning
from memory.store.planning import plans, requests


class SteerRun(Model):
    """Which run. `reason` is kept with a pause and shown to everyone."""

    run: RunId
    reason: str = ""


class RunSteered(Model):
    """`done` is False where the run was not in a state for it, so nothing was changed."""

    run: RunId
    done: bool


class AnswerTask(Model):
    """A person's answer to the question of a running task, in the thread it was asked in."""

    thread_key: str
    wait: str
    text: str


class TaskAnswered(Model):
    """The answer was taken."""

    wait: str


class RateRun(Model):
    """A person's opinion of a result: 1, -1, or 0 to take it back; `why` in their words."""

    run: RunId
    value: int
    why: str = ""


class RunRated(Model):
    """`changed` is False where the person had rated it so before."""

    run: RunId
    value: int
    changed: bool


class RunUndone(Model):
    """The files that were put back; none where the run changed no file."""

    run: RunId
    paths: tuple[str, ...]


@action("run.pause")
async def pause(act: Act, given: SteerRun) -> RunSteered:
    """Claim no more of its tasks; what is under way ends. Raises NotFound, NotAllowed."""
    act.must(Right.STEER, await _about(act, given.run))
    done = await act.desk.executor.pause(
        act.project, given.run, by=act.person.key, reason=given.reason, tx=act.tx
    )
    return RunSteered(run=given.run, done=done)


@action("run.resume")
async def resume(act: Act, given: SteerRun) -> RunSteered:
    """Let a paused run go on. Raises NotFound, NotAllowed."""
    act.must(Right.STEER, await _about(act, given.run))
    done = await act.desk.executor.resume(act.project, given.run, by=act.person.key, tx=act.tx)
    return RunSteered(run=given.run, done=done)


@action("run.cancel")
async def cancel(act: Act, given: SteerRun) -> RunSteered:
    """Stop the run for good. Raises NotFound, NotAllowed."""
    act.must(Right.CHANGE, await _about(act, given.run))
    done = await act.desk.executor.cancel(act.project, given.run, by=act.person.key, tx=act.tx)
    return RunSteered(run=given.run, done=done)


@action("run.retry")
async def retry(act: Act, given: SteerRun) -> RunSteered:
    """Try again what failed, keeping the rest. Raises NotFound, NotAllowed, Conflict."""
    act.must(Right.CHANGE, await _about(act, given.run))
    done = await act.desk.executor.retry(act.project, given.run, by=act.person.key, tx=act.tx)
    return RunSteered(run=given.run, done=done)


async def undo(desk: Desk, actor: Actor, project: ProjectId, given: SteerRun) -> RunUndone:
    """Put back the files that a finished run changed, where git has kept them.

    Files that configure things are put back by those who may approve such a change. The executor
    records it before it touches a file, so this is no single transaction. Raises NotFound,
    NotAllowed, Conflict (under way, or changed since).
    """
    async with acting(desk, actor, project) as act:
        act.must(Right.CHANGE, await _about(act, given.run))
        if act.role not in DECIDERS and await _configures(act, given.run):
            raise NotAllowed(
                "That run changed files that configure things, so an approver or the owner has to "
                "undo it."
            )
    paths = await desk.executor.roll_back(project, given.run, by=actor.identity.key)
    return RunUndone(run=given.run, paths=paths)


@action("task.answer")
async def answer_task(act: Act, given: AnswerTask) -> TaskAnswered:
    """Let the waiting task have the answer. Raises Conflict, NotAllowed, BadInput."""
    waits = await act.desk.executor.open_waits(given.thread_key)
    asked = next((wait for wait in waits if wait.id == given.wait), None)
    if asked is None:
        raise Conflict("Nobody is waiting for that answer any more.")
    who = asked.who.key if asked.who else ""
    act.must(Right.ANSWER_PERSON, About(asked=who, alone=act.alone))
    taken = await act.desk.executor.answer(
        act.project, given.wait, given.text, by=act.person, tx=act.tx
    )
    if not taken:
        raise Conflict("Nobody is waiting for that answer any more.")
    return TaskAnswered(wait=given.wait)


@action("run.rate")
async def rate(act: Act, given: RateRun) -> RunRated:
    """Keep the person's opinion of a result; it counts for the agents that did the work.

    Why they think so is found again with what's known of the project. Raises NotFound, NotAllowed.
    """
    act.must(Right.RATE)
    view = await act.desk.executor.view(act.project, given.run)
    changed = await learning.give_feedback(
        act.tx, act.project, given.run, act.person.key, given.value, at=act.now
    )
    if given.why or changed:
        await remember_opinion(act.tx, act.desk, view, act.person.key, given.why, given.value)
    if changed:
        await act.record("run.rated", given.run, value=str(given.value))
    return RunRated(run=given.run, value=given.value, changed=changed)


async def _configures(act: Act, run: RunId) -> bool:
    """Whether its plan changes files that configure things."""
    view = await act.desk.executor.view(act.project, run)
    plan = (await plans.load(act.tx, act.project, view.plan_hash)).plan
    return any(effect.effect is EffectClass.CONFIGURE for effect in plan.effects())


async def _about(act: Act, run: RunId) -> About:
    view = await act.desk.executor.view(act.project, run)
    stored = await plans.load(act.tx, act.project, view.plan_hash)
    author = (await requests.load(act.tx, stored.plan.request)).author
    return About(requester=author.key, alone=act.alone)
