"""The stream of a completion as one value; anything in a chunk may be missing."""

from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from memory.model.errors import AgentMisbehaved, AgentUnavailable
from memory.model.limits import OUTPUT_BYTES
from memory.model.wires.hearing import turn_of
from memory.model.wires.manner import Wire
from memory.model.wires.thoughts import without_thoughts
from memory.model.wires.turns import Turn, count

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk
    from openai.types.responses import ResponseStreamEvent

LAST_EVENTS = frozenset({"response.completed", "response.incomplete", "response.failed"})


@dataclass(frozen=True)
class Heard:
    """What was said. Tokens are None where the endpoint does not tell, or tells nonsense."""

    text: str
    refusal: str
    finish: str
    tokens_in: int | None
    tokens_out: int | None
    ended: bool = True
    """Whether the model came to an end, and wasn't broken off."""


async def hear(
    chunks: "AsyncIterable[ChatCompletionChunk]", title: str, so_far: Callable[[int], None]
) -> Heard:
    """Read to the end; `so_far` is told the bytes that came. Raises AgentMisbehaved past 1 MB."""
    texts: list[str] = []
    refusals: list[str] = []
    finish, size = "", 0
    tokens_in = tokens_out = None
    async for chunk in chunks:
        if chunk.usage is not None:
            tokens_in = count(getattr(chunk.usage, "prompt_tokens", None))
            tokens_out = count(getattr(chunk.usage, "completion_tokens", None))
        for choice in (chunk.choices or ())[:1]:
            finish = choice.finish_reason or finish
            # `delta` is typed as always there, yet some servers leave it out.
            texts.append(getattr(choice.delta, "content", None) or "")
            refusals.append(getattr(choice.delta, "refusal", None) or "")
            size += len(texts[-1].encode()) + len(refusals[-1].encode())
            so_far(size)
        _bounded(size, title)
    ended = bool(finish) or tokens_out is not None  # it said why, or what it used
    text = without_thoughts("".join(texts))
    return Heard(text, "".join(refusals), finish, tokens_in, tokens_out, ended)


async def hear_events(
    events: "AsyncIterable[ResponseStreamEvent]", title: str, so_far: Callable[[int], None]
) -> Heard:
    """The same for a stream of `/responses`, whose last event has the whole.

    Raises AgentMisbehaved past 1 MB, AgentUnavailable where it failed on the way.
    """
    size = 0
    async for event in events:
        size += len((getattr(event, "delta", None) or "").encode())
        so_far(size)
        _bounded(size, title)
        if event.type in LAST_EVENTS:
            return heard_of(_plain(getattr(event, "response", None)), Wire.RESPONSES, title)[1]
    return Heard("", "", "", None, None, ended=False)


def heard_of(reply: Any, wire: Wire, title: str) -> tuple[Turn, Heard]:
    """A whole reply. Raises AgentMisbehaved for what is none, AgentUnavailable for a failed one."""
    plain = _plain(reply)
    turn = turn_of(plain, wire)
    if turn is None:
        raise AgentMisbehaved("{title} sent a reply that can't be read.", title=title)
    if wire is Wire.RESPONSES and plain.get("status") == "failed":
        raise AgentUnavailable(
            "{title} stopped in the middle of its reply.",
            detail=str(plain.get("error")),
            title=title,
        )
    finish = "content_filter" if turn.finish == "filter" else turn.finish
    text = without_thoughts(turn.text)
    return turn, Heard(text, turn.refusal, finish, turn.tokens_in, turn.tokens_out)


def _plain(reply: Any) -> Any:
    """What the SDK parsed, as it came; it checks no types, so neither is anything known of them."""
    to_dict = getattr(reply, "to_dict", None)
    return to_dict(warnings=False) if to_dict is not None else reply


def _bounded(size: int, title: str) -> None:
    if size > OUTPUT_BYTES:
        raise AgentMisbehaved("{title} wrote more than 1 MB. Ask for a shorter text.", title=title)
