"""What can be said: the verbs a front door offers as data, and what words are read as."""

from typing import Literal

from memory.model.base import Model, ProjectId
from memory.model.identity import Role

Kind = Literal["work", "change", "answer", "control", "about", "teach", "forget", "social"]
Scene = Literal["questions", "plan", "run", "result"]
"""What is open in a thread: questions, a plan that waits, a run under way, a run that is over."""

ArgumentKind = Literal[
    "number", "amount", "period", "agent", "person", "role", "name", "topic", "dates", "level", "text",
]  # fmt: skip


class Argument(Model):
    """Something a verb is said with. A verb without its required ones is asked about."""

    kind: ArgumentKind
    required: bool = False


class Verb(Model):
    """Something people can say: its row's name, what it takes, and ways to say it.

    `scenes` are where it makes sense, () anywhere. `safe` is False where it moves money or rights,
    or stops work for good: such a thing is done only as it was said. `shows`: it changes nothing.
    """

    name: str
    kind: Kind
    takes: tuple[Argument, ...] = ()
    scenes: tuple[Scene, ...] = ()
    phrasings: tuple[str, ...] = ()
    safe: bool = True
    shows: bool = False

    def wants(self, kind: ArgumentKind) -> bool:
        """Whether it takes such an argument."""
        return any(argument.kind == kind for argument in self.takes)


class Arguments(Model):
    """What was found in the words, by type; None or "" where there was none.

    `amount_micro_usd` in micro-USD; `name` is a name in quotation marks, or what is named as a
    run, template or project; `topic` is the kind of work ("code"); `text` is the rest.
    """

    number: int | None = None
    amount_micro_usd: int | None = None
    period: Literal["day", "week", "month", "total"] | None = None
    agent: str = ""
    person: str = ""
    role: Role | None = None
    name: str = ""
    topic: str = ""
    dates: str = ""
    level: Literal["low", "normal", "high"] | None = None
    text: str = ""

    def has(self, kind: ArgumentKind) -> bool:
        """Whether there is one of this kind."""
        field = "amount_micro_usd" if kind == "amount" else kind
        return getattr(self, field) not in {None, ""}


class Frame(Model):
    """Where the thread stands, and the names that mean something in it.

    `options` are those of the open questions; `things` are the words for what the project's files
    are about (see `planner.understanding.things`); `to_bot`: said to the bot by name or in its own
    talk with the person, not merely within its hearing.
    """

    scenes: frozenset[Scene] = frozenset()
    agents: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    things: frozenset[str] = frozenset()
    mentions: int = 0
    to_bot: bool = True


class Asker(Model):
    """Who said it, where: the message's event, and the key of the person."""

    project: ProjectId
    event: str
    person: str


class NewWork(Model):
    """Something to be planned, on its own."""

    kind: Literal["work"] = "work"
    text: str


class ChangePlan(Model):
    """Another plan out of the one that waits or ran here."""

    kind: Literal["change"] = "change"
    text: str


class Answer(Model):
    """An answer to the open questions."""

    kind: Literal["answer"] = "answer"
    text: str


class Control(Model):
    """Do something about plans, runs, schedules, money, people: the verb `action`."""

    kind: Literal["control"] = "control"
    action: str
    arguments: Arguments = Arguments()


class AskAbout(Model):
    """Tell something about the bot's own work: the verb `topic`."""

    kind: Literal["about"] = "about"
    topic: str
    arguments: Arguments = Arguments()


class Teach(Model):
    """Remember a fact, a preference or a rule: the verb `what`."""

    kind: Literal["teach"] = "teach"
    what: str
    arguments: Arguments = Arguments()


class Forget(Model):
    """Forget what was taught."""

    kind: Literal["forget"] = "forget"
    what: str
    arguments: Arguments = Arguments()


class SmallTalk(Model):
    """Nothing is wanted: a greeting, thanks, or talk between people."""

    kind: Literal["social"] = "social"
    what: str


class Unclear(Model):
    """It may be any of these verbs, the likeliest first; only the person knows."""

    kind: Literal["unclear"] = "unclear"
    candidates: tuple[str, ...]


Utterance = (
    NewWork | ChangePlan | Answer | Control | AskAbout | Teach | Forget | SmallTalk | Unclear
)
