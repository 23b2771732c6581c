"""What a request is planned with: its plan before, answers, preferences, files, agents."""

import re
from typing import Final

from bot.config.projects import routing_of
from bot.queries.plans.conversation import conversation_of
from bot.services import Desk
from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import AgentKind
from memory.model.authority import ARCHIVED
from memory.model.base import Model, ProjectId, RequestId, RunId, TaskKey
from memory.model.errors import NotAllowed, NotFound, OrchestraError
from memory.model.timing.schedule import Schedule
from memory.model.work.plan import Plan
from memory.model.work.request import StoredRequest
from memory.model.work.run import TaskState
from memory.model.work.value import FileInfo
from memory.profiles.ranking import rank
from memory.store.engine.database import Connection
from memory.store.knowledge import learning, projects, rules
from memory.store.planning import plans, preferences, questions, requests
from memory.store.running import runs
from planner.port import Answer, PlanRequest
from planner.revising.differences import differences

FILES_LISTED: Final = 100
FILES_DESCRIBED: Final = 12
TASKS_COMPARED: Final = 6

_PATH: Final = re.compile(r"(?<![\w./-])[\w./-]*\w\.\w{1,8}\b")


class Earlier(Model):
    """A run that a plan goes on from, and the tasks whose results it has."""

    run: RunId
    done: tuple[TaskKey, ...]


class Known(Model):
    """A task that another agent would do: how both did such work before, by agents' titles."""

    number: int
    title: str
    reasons: dict[str, str]


async def request_of(desk: Desk, request: RequestId) -> tuple[StoredRequest, Plan | None]:
    """The request, and the plan it changes if that is still here. Raises NotFound."""
    async with desk.database.reading() as connection:
        stored = await requests.load(connection, request)
        return stored, await plan_before(connection, stored)


async def plan_before(connection: Connection, request: StoredRequest) -> Plan | None:
    """The plan that the request changes, None where there is none any more."""
    if not request.base:
        return None
    try:
        return (await plans.load(connection, request.project, request.base)).plan
    except NotFound:
        return None


async def plan_request(
    desk: Desk, request: StoredRequest, base: Plan | None, schedule: Schedule | None = None
) -> PlanRequest:
    """Everything the planner may look at; `schedule` is when the work is to be done.

    Raises NotAllowed where the project was archived since it was asked for.
    """
    async with desk.database.reading() as connection:
        if await projects.is_archived(connection, request.project):
            raise NotAllowed(ARCHIVED)
        asked = await questions.of_request(connection, request.id)
        preferred = await preferences.preferences_of(
            connection, request.project, request.author.key
        )
        taught = await rules.known(connection, request.project, request.author.key)
        routing = await routing_of(connection, desk.settings, request.project)
    return PlanRequest(
        project=request.project,
        request=request.id,
        text=request.text,
        author=request.author,
        people=tuple({person.key: person for person in request.people}.values()),
        files=await _files(desk, request),
        catalogue=desk.executor.catalogue(),
        preferences=preferred,
        taught=taught,
        answers=tuple(
            Answer(
                slot=question.slot, value=question.answer, defaulted=question.state == "defaulted"
            )
            for question in asked
            if question.state in {"answered", "defaulted"}
        ),
        base=base,
        schedule=schedule,
        conversation=await conversation_of(desk, request),
        routing=routing,
        now=desk.clock.now(),
    )


async def profiles_of(desk: Desk, project: ProjectId) -> tuple[AgentProfile, ...]:
    """What is known of the agents' work in the project."""
    async with desk.database.reading() as connection:
        half_life = (await routing_of(connection, desk.settings, project)).half_life_days
        return await learning.profiles_of(
            connection, project, now=desk.clock.now(), half_life_days=half_life
        )


async def earlier_run(desk: Desk, base: Plan) -> Earlier | None:
    """The plan's run and the tasks it has done, else what the plan itself keeps of a run."""
    async with desk.database.reading() as connection:
        ran = await runs.newest_over(connection, base.project, base.hash)
        if ran is None:
            kept = base.continues
            return Earlier(run=kept.run, done=kept.kept) if kept else None
        rows = await runs.tasks_of(connection, ran.id)
    done = tuple(row.key for row in rows if row.state is TaskState.SUCCEEDED)
    return Earlier(run=ran.id, done=done)


async def known_of(desk: Desk, base: Plan, then: Plan) -> tuple[Known, ...]:
    """For each task that another agent would do: how both did such work before."""
    profiles = await profiles_of(desk, base.project)
    catalogue, found = desk.executor.catalogue(), []
    for changed in differences(base, then).changed[:TASKS_COMPARED]:
        agents = [catalogue.find(name) for name in changed.agent or ()]
        models = [agent for agent in agents if agent and agent.kind is AgentKind.MODEL]
        ranked = rank(profiles, then.graph.task(changed.key).type, models)
        reasons = {place.agent: place.reason for place in ranked}
        known = {agent.title: reasons[agent.name] for agent in models}
        if known:
            found.append(Known(number=changed.number, title=changed.title, reasons=known))
    return tuple(found)


async def _files(desk: Desk, request: StoredRequest) -> tuple[FileInfo, ...]:
    """The project's files, the ones that the words name or that came along in detail."""
    listed = (await desk.executor.list_files(request.project))[:FILES_LISTED]
    found = {file.path: file for file in listed}
    named = [*request.attachments, *_PATH.findall(request.text)]
    by_name = {path.rpartition("/")[2].casefold(): path for path in found}
    wanted = [path if path in found else by_name.get(path.casefold(), path) for path in named]
    for path in [path for path in dict.fromkeys(wanted) if path][:FILES_DESCRIBED]:
        info = None if path in found else await _described(desk, request.project, path)
        if info is not None:
            found[info.path] = info
    return tuple(found.values())


async def _described(desk: Desk, project: ProjectId, path: str) -> FileInfo | None:
    try:
        return await desk.executor.describe(project, path)
    except OrchestraError:
        return None  # a word that looks like a path need not be one
