"""People: roles, opinions of results, answers to what running tasks ask."""

from bot.actions.places import CONSOLE
from bot.chat import say
from bot.conversation import messages
from bot.conversation.context import Context, deciding
from bot.jobs import AnswerJob, enqueue_job
from bot.language.intents import Feedback, PersonAnswered, RoleSet
from bot.render.words import untrusted
from bot.services import Services
from memory.model.authority import About, Right
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict
from memory.model.identity import Role
from memory.model.job import Claimed
from memory.store.knowledge import learning, projects
from memory.store.traffic import audit, outbox

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


async def give_feedback(context: Context, command: Feedback) -> None:
    """Keep the person's opinion of a result; it counts for the agents that did the work."""
    context.must(Right.RATE)
    async with context.deciding() as tx:
        now = context.services.clock.now()
        changed = await learning.give_feedback(
            tx, context.project, command.run, context.person.key, command.value, at=now
        )
        silent = context.incoming.kind == "reaction" and context.person.platform != CONSOLE
        if changed and command.value and not silent:
            word = "I will choose alike." if command.value > 0 else "I will choose otherwise."
            await context.reply(tx, f"Thank you, noted. {word}")


async def answer_person(context: Context, command: PersonAnswered) -> None:
    """Hand a person's answer to the task that waits for it."""
    waits = await context.services.executor.open_waits(context.thread.key)
    wait = next((one for one in waits if one.id == command.wait), None)
    if wait is None:
        raise Conflict("Nobody waits for that answer any more.")
    asked = wait.who.key if wait.who else ""
    context.must(Right.ANSWER_PERSON, About(asked=asked, alone=context.alone))
    due = AnswerJob(
        project=context.project,
        thread=context.thread,
        wait=wait.id,
        text=command.text,
        by=context.person,
    )
    async with context.deciding() as tx:
        now = context.services.clock.now()
        await enqueue_job(tx, due, f"answer:{wait.id}:{context.event.event_id}", at=now)


async def answer_job(services: Services, event: Claimed, due: AnswerJob) -> None:
    """Let the task have the answer; doing it twice is harmless. Raises Conflict, NotFound."""
    taken = await services.executor.answer(due.project, due.wait, due.text, by=due.by)
    crashpoint("after_answer")
    if not taken:
        raise Conflict("Nobody waits for that answer any more.")
    async with deciding(services, event) as tx:
        now = services.clock.now()
        await audit.record(
            tx, due.project, actor=due.by.key, action="wait.answered", on=due.wait, at=now
        )
        await outbox.put(
            tx,
            f"re:{event.event_id}",
            project=due.project,
            thread=due.thread,
            body=say("Thank you; the run goes on.").model_dump(mode="json"),
            at=now,
        )
