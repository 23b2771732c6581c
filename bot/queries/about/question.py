"""A question about the bot, read against who and what there is in the project."""

from bot.language.asking.periods import Span, present, span
from bot.language.asking.subjects import Subject, subject
from bot.language.intents import AskAbout
from bot.queries.asking import Asking
from bot.queries.plans.zones import zone_of
from memory.model.base import Model
from memory.store.knowledge import projects


class Question(Model):
    """What is asked for. `names` are what people are called, by identity key."""

    subject: Subject
    span: Span | None
    month: Span
    today: Span
    zone: str
    names: dict[str, str]

    def called(self, person: str) -> str:
        """What the person with this key is called."""
        return self.names.get(person) or person.rpartition(":")[2] or person


async def question(asking: Asking, command: AskAbout) -> Question:
    """The question with its names and times understood. Raises NotAllowed."""
    asking.must_see()
    people = await projects.members_of(asking.connection, asking.project)
    zone = (await zone_of(asking.connection, asking.desk, asking.project, asking.person.key)).name
    words = f"{command.text} {command.period}"
    return Question(
        subject=subject(
            command,
            asking.desk.executor.catalogue(),
            [(key, display) for key, display, _ in people],
            asking.person.key,
        ),
        span=span(words, asking.now, zone),
        month=present("month", asking.now, zone),
        today=present("day", asking.now, zone),
        zone=zone,
        names={key: display for key, display, _ in people},
    )
