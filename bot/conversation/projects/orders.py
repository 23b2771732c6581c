"""What people say about projects as a whole."""

from typing import assert_never

from bot.actions.projects import binding, lifecycle
from bot.actions.projects.binding import BindChannel
from bot.actions.projects.cloning import CloneProject, clone
from bot.actions.projects.lifecycle import (
    ArchiveProject,
    CreateProject,
    RenameProject,
    RestoreProject,
)
from bot.conversation.context import Context
from bot.language.intents import ProjectOrder
from bot.queries.projects import details, project_meant, visible
from bot.render import projects as words
from memory.model.base import ProjectId


async def obey(context: Context, command: ProjectOrder) -> None:
    """Do it. Raises what the action raises, and NotFound for a project they aren't in."""
    async with context.asking() as asking:
        project = await project_meant(asking, "" if command.what == "create" else command.name)
    match command.what:
        case "list" | "show":
            await _look(context, project, command)
        case "create" | "rename" | "clone":
            await _name(context, project, command)
        case "archive" | "restore":
            await _put_away(context, project, command)
        case "switch" | "unbind":
            await _bind(context, project, command)
        case _:
            assert_never(command.what)


async def _look(context: Context, project: ProjectId, command: ProjectOrder) -> None:
    async with context.asking() as asking:
        if command.what == "list":
            out = words.project_list(context.locale, await visible(asking))
        else:
            out = words.project_details(context.locale, await details(asking, project))
    await context.just_reply(out)


async def _name(context: Context, project: ProjectId, command: ProjectOrder) -> None:
    _ = context.locale
    async with context.acting(project) as act:
        if command.what == "create":
            made = await lifecycle.create(act, CreateProject(name=command.name))
            text = words.project_made(_, made)
        elif command.what == "clone":
            text = words.project_cloned(_, await clone(act, CloneProject(name=command.to)))
        else:
            renamed = await lifecycle.rename(act, RenameProject(name=command.to))
            text = words.project_renamed(_, renamed)
        await context.reply(act.tx, text)


async def _put_away(context: Context, project: ProjectId, command: ProjectOrder) -> None:
    _ = context.locale
    await context.services.executor.ready()
    async with context.acting(project) as act:
        if command.what == "archive":
            archived = await lifecycle.archive(act, ArchiveProject(cancel=command.cancel))
            text = words.project_archived(_, archived)
        else:
            text = words.project_restored(_, await lifecycle.restore(act, RestoreProject()))
        await context.reply(act.tx, text)


async def _bind(context: Context, project: ProjectId, command: ProjectOrder) -> None:
    given = BindChannel(channel=context.thread.channel_ref())
    async with context.acting(project) as act:
        if command.what == "switch":
            text = words.channel_bound(context.locale, await binding.switch(act, given))
        else:
            text = words.channel_unbound(context.locale, await binding.unbind(act, given))
        await context.reply(act.tx, text)
