"""What a task's value must be like: told by the plan, looked at by code."""

from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from memory.model.base import AgentName, Model


class Words(Model):
    """As many words as this, give or take `slack_percent`."""

    kind: Literal["words"] = "words"
    least: int | None = Field(default=None, ge=1, le=100_000)
    most: int | None = Field(default=None, ge=1, le=100_000)
    slack_percent: int = Field(default=0, ge=0, le=50)

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("a number of words needs a bound")
        if (self.least or 0) > (self.most or 100_000):
            raise ValueError("the most words are fewer than the least")
        return self


class Chars(Model):
    """No more characters than this."""

    kind: Literal["chars"] = "chars"
    most: int = Field(ge=1, le=1_000_000)


class Format(Model):
    """Text that reads as this; a fence around all of it is overlooked."""

    kind: Literal["format"] = "format"
    format: Literal["json", "markdown", "csv"]


class Shape(Model):
    """JSON that fits a JSON schema (draft 2020-12, without references elsewhere)."""

    kind: Literal["shape"] = "shape"
    shape: dict[str, JsonValue]


class Contains(Model):
    """This text, in large or small letters."""

    kind: Literal["contains"] = "contains"
    text: str = Field(min_length=1, max_length=500)


class NoSecrets(Model):
    """Nothing that looks like a key or a password."""

    kind: Literal["no_secrets"] = "no_secrets"


class ByProgram(Model):
    """What the owner's program of this name lets through ([checks.NAME] in the settings)."""

    kind: Literal["program"] = "program"
    name: str = Field(min_length=1, max_length=100)


Check = Annotated[
    Words | Chars | Format | Shape | Contains | NoSecrets | ByProgram,
    Field(discriminator="kind"),
]


class OwnerCheck(Model):
    """A program that looks at what tasks of these types gave, and at others where that is asked."""

    name: str
    task_types: tuple[str, ...]


class Review(Model):
    """Another agent looks at the value; with comments the first one does it again.

    A round is one look and, where there are comments, one more try. `criteria` is what it is
    looked at for ("tone"); "" is all of it.
    """

    agent: AgentName
    rounds: int = Field(default=1, ge=1, le=3)
    criteria: str = Field(default="", max_length=500)
