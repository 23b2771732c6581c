"""What `orchestra project …` does: the same actions as in the chat."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from bot.actions.act import Action, perform
from bot.actions.projects import binding, lifecycle
from bot.actions.projects.binding import BindChannel
from bot.actions.projects.cloning import CloneProject, clone
from bot.actions.projects.lifecycle import (
    ArchiveProject,
    CreateProject,
    RenameProject,
    RestoreProject,
)
from bot.chat import Outgoing
from bot.cli.desk import HERE, actor, at_desk, looking, project_of
from bot.cli.places import channel_of
from bot.config.settings import Settings
from bot.places import known
from bot.queries.projects import details, project_meant, visible
from bot.render import projects as words
from bot.services import Desk
from memory.model.base import Model, ProjectId
from memory.model.errors import NotFound


def list_projects(settings: Settings, *, as_json: bool) -> int:
    """Print the projects of whoever types. Raises StorageTrouble."""
    return asyncio.run(_list(settings, as_json=as_json))


def show_project(settings: Settings, name: str) -> int:
    """Print one project. Raises NotFound."""
    return asyncio.run(_show(settings, name))


def create_project(settings: Settings, name: str) -> int:
    """Make it. Raises NotAllowed, BadInput, Conflict."""
    return _done(_create(settings, name))


def rename_project(settings: Settings, name: str, to: str) -> int:
    """Call it so. Raises NotFound, NotAllowed, BadInput, Conflict."""
    given = RenameProject(name=to)
    return _done(_handled(settings, name, lifecycle.rename, given, words.project_renamed))


def clone_project(settings: Settings, name: str, to: str) -> int:
    """Make one like it. Raises NotFound, NotAllowed, BadInput, Conflict."""
    return _done(_handled(settings, name, clone, CloneProject(name=to), words.project_cloned))


def archive_project(settings: Settings, name: str, *, cancel: bool) -> int:
    """Let it only be looked at. Raises NotFound, NotAllowed, Conflict."""
    given = ArchiveProject(cancel=cancel)
    return _done(_handled(settings, name, lifecycle.archive, given, words.project_archived))


def restore_project(settings: Settings, name: str) -> int:
    """Let work begin in it again. Raises NotFound, NotAllowed."""
    given = RestoreProject()
    return _done(_handled(settings, name, lifecycle.restore, given, words.project_restored))


def bind_channel(settings: Settings, name: str, channel: str) -> int:
    """Let the channel ("" for this terminal) be about the project ("" for its own).

    Raises NotFound, NotAllowed, Conflict, BadInput.
    """
    return _done(_bind(settings, name, channel))


def _done(said: Coroutine[Any, Any, str]) -> int:
    print(_plain(asyncio.run(said)))
    return 0


async def _list(settings: Settings, *, as_json: bool) -> int:
    async with at_desk(settings) as desk, looking(desk) as asking:
        found = await visible(asking)
        if as_json:
            print(json.dumps([line.model_dump(mode="json") for line in found], indent=2))
        else:
            print(_plain(words.project_list(desk.locale, found)))
    return 0


async def _show(settings: Settings, name: str) -> int:
    async with at_desk(settings) as desk, looking(desk) as asking:
        found = await details(asking, await project_meant(asking, name))
        print(_plain(words.project_details(desk.locale, found)))
    return 0


async def _create(settings: Settings, name: str) -> str:
    async with at_desk(settings, make=True) as desk:
        here = await project_of(desk, "")
        made = await perform(desk, actor(), here, lifecycle.create, CreateProject(name=name))
        return words.project_made(desk.locale, made)


async def _handled(
    settings: Settings, name: str, action: Action[Any, Any], given: Model, said: Any
) -> str:
    async with at_desk(settings, runs=True) as desk:
        done = await perform(desk, actor(), await _meant(desk, name), action, given)
        return str(said(desk.locale, done))


async def _bind(settings: Settings, name: str, channel: str) -> str:
    async with at_desk(settings) as desk:
        where = channel_of(channel) if channel else HERE
        if name:
            given = BindChannel(channel=where)
            bound = await perform(desk, actor(), await _meant(desk, name), binding.switch, given)
            return words.channel_bound(desk.locale, bound)
        async with desk.database.reading() as connection:
            about = await known(connection, desk.settings, where)
        if about is None:
            raise NotFound("Nobody has spoken to me in {channel} yet.", channel=channel or "chat")
        given = BindChannel(channel=where)
        bound = await perform(desk, actor(), about, binding.unbind, given)
        return words.channel_unbound(desk.locale, bound)


async def _meant(desk: Desk, name: str) -> ProjectId:
    async with looking(desk) as asking:
        return await project_meant(asking, name)


def _plain(said: str | Outgoing) -> str:
    text = said if isinstance(said, str) else said.text
    return text.replace("**", "")
