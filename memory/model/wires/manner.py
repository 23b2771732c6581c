"""How one endpoint and model want to be asked, learnt from what they refuse. Pure.

OpenAI's current models take function tools only over `/responses`; other servers know only
`/chat/completions`. Nothing is asked twice in a way that was refused: each refusal moves on to
the next wire or leaves a parameter out, so that learning comes to an end.
"""

import re
from enum import StrEnum

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import Model


class Wire(StrEnum):
    """The ways to ask."""

    RESPONSES = "responses"
    """Stateless: nothing is stored, the reasoning goes back encrypted."""
    QUIET = "chat with reasoning_effort none"
    CHAT = "chat"
    BARE = "chat without tools"


class Manner(Model):
    """The wires not refused yet, the one in use first, and the parameters that are left out."""

    wires: tuple[Wire, ...]
    without: frozenset[str] = frozenset()

    @property
    def wire(self) -> Wire:
        """The wire in use."""
        return self.wires[0]

    @property
    def limits_answers(self) -> bool:
        """Whether the endpoint takes a longest answer over this wire, as far as is known."""
        responses = self.wire is Wire.RESPONSES
        names = {"max_output_tokens"} if responses else {"max_tokens", "max_completion_tokens"}
        return not names <= self.without


class Refusal(Model):
    """A 4xx answer to the way of asking: status, message and the parameter it names, if any."""

    status: int
    message: str
    param: str = ""


_RESPONSES_FIRST = Manner(
    wires=(Wire.RESPONSES, Wire.QUIET, Wire.CHAT, Wire.BARE),
    without=frozenset({"max_tokens"}),  # its models of today take max_completion_tokens
)
_CHAT_FIRST = Manner(wires=(Wire.CHAT, Wire.RESPONSES, Wire.QUIET, Wire.BARE))

_NOT_THERE = frozenset({404, 405, 501})
_FORMAL = frozenset({400, 422})
_OPTIONAL = (
    "max_completion_tokens", "max_output_tokens", "max_tokens", "include", "tool_choice",
    "stream_options", "store",
)  # fmt: skip
_NOT_TAKEN = re.compile(
    r"not supported|unsupported|does ?n[o']t support|unknown|unrecognized|unrecognised|unexpected"
    r"|not permitted|not allowed|extra input|extra field|invalid",
    re.IGNORECASE,
)


def first_manner(endpoint: ModelEndpoint) -> Manner:
    """How to begin, before the endpoint has refused anything."""
    return _RESPONSES_FIRST if endpoint.provider in {"openai", "azure"} else _CHAT_FIRST


def after(manner: Manner, refusal: Refusal, *, tools: bool) -> Manner | None:
    """How to ask next; None where the refusal has nothing to do with the manner.

    `tools`: whether tools were offered in what was refused.
    """
    message = refusal.message.casefold()
    if _other_wire(manner, refusal, message, tools=tools):
        rest = manner.wires[1:]
        return manner.model_copy(update={"wires": rest}) if rest else None
    if refusal.status not in _FORMAL:
        return None
    if _no_tools(manner, message, tools=tools):
        return manner.model_copy(update={"wires": (Wire.BARE,)})
    name = _parameter(refusal, message)
    if not name or name in manner.without:
        return None
    return manner.model_copy(update={"without": manner.without | {name}})


def _other_wire(manner: Manner, refusal: Refusal, message: str, *, tools: bool) -> bool:
    if manner.wire is Wire.RESPONSES:
        elsewhere = "responses" in message or "operation" in message
        return refusal.status in _NOT_THERE or (
            refusal.status in _FORMAL and elsewhere and bool(_NOT_TAKEN.search(message))
        )
    if manner.wire is Wire.BARE or not tools or refusal.status not in {*_FORMAL, 404}:
        return False
    return "reasoning_effort" in message or "v1/responses" in message


def _no_tools(manner: Manner, message: str, *, tools: bool) -> bool:
    told = "tool" in message and "tool_choice" not in message
    return tools and told and manner.wire is not Wire.BARE and bool(_NOT_TAKEN.search(message))


def _parameter(refusal: Refusal, message: str) -> str:
    """The optional parameter that was refused; "" where it is another, or a value that is needed."""
    if "encrypted content" in message or refusal.param.startswith("include"):
        return "include"
    if refusal.param in _OPTIONAL:
        return refusal.param
    if not _NOT_TAKEN.search(message):
        return ""
    # The longest first: max_completion_tokens is told by "use max_completion_tokens instead", too.
    quoted = {name: message.find(name) for name in _OPTIONAL if name in message}
    return min(quoted, key=lambda name: quoted[name], default="")
