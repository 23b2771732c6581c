"""Opening a session in a browser: a thread in the channel that each project has there."""

from bot.actions.act import Actor, acting
from bot.queries.web.sessions import channel_of, new_session
from bot.services import Desk
from memory.model.authority import Right
from memory.model.base import ProjectId
from memory.model.identity import ThreadRef
from memory.store.knowledge import projects
from memory.store.traffic import threads


async def open_session(desk: Desk, actor: Actor, project: ProjectId) -> ThreadRef:
    """A new thread of whoever acts, about that project. Raises NotAllowed.

    Nothing has happened yet, so there's no audit row: what's said in it leaves its own.
    """
    channel, person = channel_of(project), actor.identity
    ref = channel.model_copy(update={"thread": new_session(person.key)})
    async with acting(desk, actor, project) as act:
        act.must(Right.SEE)
        await projects.bind_channel(act.tx, channel, project)
        await projects.confirm_channel(act.tx, channel, person.key)
        await threads.ensure(act.tx, ref, project, opened_by=person, at=act.now)
    return ref
