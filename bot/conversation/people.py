"""People: roles, opinions of results, answers to what running tasks ask."""

from bot.conversation import messages
from bot.conversation.context import Context
from bot.language.intents import RoleSet
from bot.render.words import untrusted
from memory.model.authority import Right
from memory.model.crash import declare
from memory.model.errors import Conflict
from memory.model.identity import Role
from memory.store.knowledge import projects
from memory.store.traffic import audit

declare("after_answer")


async def set_role(context: Context, command: RoleSet) -> None:
    """Give somebody a role in the project."""
    context.must(Right.SET_ROLE)
    if command.person.same(context.person) and command.role is not Role.OWNER:
        raise Conflict("You cannot give up ownership; make somebody else an owner first.")
    async with context.deciding() as tx:
        now = context.services.clock.now()
        await projects.set_role(tx, context.project, command.person, command.role, at=now)
        await audit.record(
            tx,
            context.project,
            actor=context.person.key,
            action=f"role.{command.role}",
            on=command.person.key,
            at=now,
        )
        name = untrusted(messages.called(command.person), 60)
        article = "an" if command.role.value[0] in "aeiou" else "a"
        await context.reply(tx, f"{name} is {article} {command.role} of this project now.")


async def show_roles(context: Context) -> None:
    """Who may do what here."""
    async with context.deciding() as tx:
        known = await projects.members_of(tx, context.project)
        lines = [
            f"{untrusted(display or key.rpartition(':')[2], 60)} — {role}"
            + (" (you)" if key == context.person.key else "")
            for key, display, role in known
        ]
        project = await projects.name(tx, context.project)
        await context.reply(tx, "\n".join([f"**Project {untrusted(project)}**", *lines]))
