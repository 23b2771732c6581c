"""A conversation with a model, whichever wire it goes over."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue

from memory.model.base import Model

TOKENS_MOST = 1_000_000_000
"""More than any model of today takes or gives; what is above it was not counted."""

Finish = Literal["", "stop", "length", "filter"]


class Said(Model):
    """What we say: rules as "system", the task as "user"; "assistant" for what a model once said."""

    kind: Literal["said"] = "said"
    role: Literal["system", "user", "assistant"]
    text: str


class Use(Model):
    """A tool that the model wants used. `arguments` is JSON as the model wrote it, unchecked."""

    id: str
    name: str
    arguments: str


class Turn(Model):
    """What the model answered.

    `echo` are the items that go back to it as they came (`/responses` only), with its encrypted
    reasoning. Tokens are None where the endpoint does not tell, or tells nonsense.
    """

    kind: Literal["turn"] = "turn"
    text: str = ""
    refusal: str = ""
    finish: Finish = ""
    uses: tuple[Use, ...] = ()
    tokens_in: int | None = None
    tokens_out: int | None = None
    echo: tuple[dict[str, JsonValue], ...] = ()

    def without(self, *, after: int) -> "Turn":
        """The turn without its uses past that many: each that goes back has to have its result."""
        kept = {use.id for use in self.uses[:after]}
        echo = tuple(
            item
            for item in self.echo
            if item.get("type") != "function_call" or item.get("call_id") in kept
        )
        return self.model_copy(update={"uses": self.uses[:after], "echo": echo})


class Given(Model):
    """What a tool gave, for the use of that id."""

    kind: Literal["given"] = "given"
    use: str
    text: str


Message = Said | Turn | Given


class Tool(Model):
    """A function the model may ask for; `parameters` is its JSON Schema, kept to where `strict`."""

    name: str
    description: str
    parameters: Mapping[str, JsonValue]
    strict: bool = False


class Form(Model):
    """The form the answer has to have: JSON, of this schema where there is one."""

    name: str
    json_schema: Mapping[str, JsonValue] | None = None


class Question(Model):
    """One question to a model. `choice` is "auto", "required", "none", or a tool's name."""

    messages: tuple[Message, ...] = Field(min_length=1)
    tools: tuple[Tool, ...] = ()
    choice: str = "auto"
    form: Form | None = None
    most_tokens: int | None = None
    """The longest answer; None leaves it to the endpoint."""


def count(tokens: object) -> int | None:
    """A number of tokens, where it can be one: the SDK passes on whatever it is given."""
    return tokens if type(tokens) is int and 0 <= tokens <= TOKENS_MOST else None
