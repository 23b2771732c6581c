"""A project from its creation to the archive and back."""

from bot import places
from bot.actions.act import Act, action
from bot.actions.projects.gate import free_name, managed
from bot.actions.roles import owns
from memory.model.authority import About, Right
from memory.model.base import Model, ProjectId
from memory.model.errors import Conflict
from memory.model.identity import Role
from memory.store.knowledge import projects
from memory.store.running.switches import ARCHIVE

RUNS_NAMED = 3
MOST_RUNS = 10_000


class CreateProject(Model):
    """What the new project is called."""

    name: str


class RenameProject(Model):
    """What the act's project is called from now on."""

    name: str


class ArchiveProject(Model):
    """`cancel`: end what is at work there; without it, nothing may be at work."""

    cancel: bool = False


class RestoreProject(Model):
    """Let work begin again in the act's project."""


class ProjectMade(Model):
    """The project there is now; `folder` holds its files."""

    project: ProjectId
    name: str
    folder: str


class ProjectRenamed(Model):
    """What it was called, and is."""

    before: str
    name: str


class ProjectArchived(Model):
    """`done` is False where it was so already; `cancelled` runs were ended."""

    name: str
    done: bool
    cancelled: int = 0


class ProjectRestored(Model):
    """`done` is False where it wasn't archived."""

    name: str
    done: bool


@action("project.create")
async def create(act: Act, given: CreateProject) -> ProjectMade:
    """Make a project that the person owns. Raises NotAllowed, BadInput, Conflict."""
    act.must(Right.CREATE_PROJECT, About(admin=act.admin, owns=await owns(act)))
    made = await new_project(act, given.name)
    await act.record("project.created", on=made.project)
    return made


async def new_project(act: Act, said: str) -> ProjectMade:
    """The project, owned by whoever acts. Raises BadInput, Conflict."""
    name = await free_name(act, said)
    project = await places.make_named(act.tx, act.desk.settings, name, at=act.now)
    await projects.set_role(act.tx, project, act.person, Role.OWNER, at=act.now)
    root = await projects.root(act.tx, project)
    return ProjectMade(project=project, name=name, folder=root.name)


@action("project.rename")
async def rename(act: Act, given: RenameProject) -> ProjectRenamed:
    """Call it something else; id, folder and channels stay. Raises NotAllowed, BadInput, Conflict."""
    stored = await managed(act)
    if act.desk.settings.project(stored.name) is not None:
        raise Conflict(
            "orchestra.toml names this project {name}; it's renamed there.", name=stored.name
        )
    name = await free_name(act, given.name)
    await projects.rename(act.tx, act.project, name)
    await act.record("project.renamed", on=act.project)
    return ProjectRenamed(before=stored.name, name=name)


@action("project.archive")
async def archive(act: Act, given: ArchiveProject) -> ProjectArchived:
    """Only look at it from now on; schedules stop. Raises NotAllowed, Conflict (runs at work)."""
    stored = await managed(act)
    if stored.archived_at is not None:
        return ProjectArchived(name=stored.name, done=False)
    by, executor = act.person.key, act.desk.executor
    at_work = await executor.runs(act.project, running_only=True, limit=MOST_RUNS)
    if at_work and not given.cancel:
        raise Conflict(
            "Project {name} still has work under way: {runs}. Say `archive project {name} and "
            "cancel its runs` to end it, or archive the project when it's done.",
            name=stored.name,
            runs=", ".join(run.title for run in at_work[:RUNS_NAMED])
            + (" …" if len(at_work) > RUNS_NAMED else ""),
        )
    for run in at_work:
        await executor.cancel(act.project, run.id, by=by, tx=act.tx)
    await executor.stop_all(f"{ARCHIVE}{act.project}", by=by, reason="archived", tx=act.tx)
    await projects.set_archived(act.tx, act.project, act.now)
    return ProjectArchived(name=stored.name, done=True, cancelled=len(at_work))


@action("project.restore")
async def restore(act: Act, given: RestoreProject) -> ProjectRestored:
    """Let work begin in it again. Raises NotAllowed."""
    del given
    stored = await managed(act)
    if stored.archived_at is None:
        return ProjectRestored(name=stored.name, done=False)
    await projects.set_archived(act.tx, act.project, None)
    scope = f"{ARCHIVE}{act.project}"
    await act.desk.executor.release(scope, by=act.person.key, tx=act.tx)
    return ProjectRestored(name=stored.name, done=True)
