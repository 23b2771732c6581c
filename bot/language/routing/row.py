"""A row of the table of actions: what can be done, and how it's said through every door."""

from dataclasses import dataclass
from typing import Literal

from memory.model.text import Sentence
from planner.understanding.utterance import Argument, Kind, Scene

Group = Literal["work", "plan", "run", "schedule", "learn", "project", "about", "operate"]
Shows = Literal["plan", "questions", "result", "rule"]


@dataclass(frozen=True)
class Row:
    """One action or query. `name` is that of the Action, or of what is shown.

    `phrases` mean it by themselves; `says` are examples of longer words that do. `emoji` counts on
    a message that `shows` the thing. `button` is the first part of a button's action. `cli` and
    `api` are "" where that door has no use for it; slash commands take the words of the chat.
    Other words are read by likeness to the row's phrasings (`bot/language/phrasings`): `kind`,
    `takes`, `scenes` and `safe` are those of its Verb. `exact`: it's read by its own grammar alone,
    never by likeness, as befits words that say who may do what.
    """

    name: str
    group: Group
    help: Sentence
    phrases: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    emoji: tuple[str, ...] = ()
    shows: tuple[Shows, ...] = ()
    button: str = ""
    cli: str = ""
    api: str = ""
    hidden: bool = False
    kind: Kind = "control"
    takes: tuple[Argument, ...] = ()
    exact: bool = False
    scenes: tuple[Scene, ...] = ()
    safe: bool = True

    @property
    def examples(self) -> tuple[str, ...]:
        """How it is best said in words."""
        return self.says or self.phrases[:1]

    @property
    def slash(self) -> str:
        """How it is said as a slash command, "" where it isn't said in words."""
        word = next(iter(self.examples), "")
        return f"/orchestra {word}" if word else ""


def words(text: str) -> tuple[str, ...]:
    """Phrases, parted by commas."""
    return tuple(phrase.strip() for phrase in text.split(","))


def takes(kinds: str) -> tuple[Argument, ...]:
    """The arguments, those with a `!` required."""
    return tuple(
        Argument.model_validate({"kind": kind.rstrip("!"), "required": kind.endswith("!")})
        for kind in kinds.split()
    )
