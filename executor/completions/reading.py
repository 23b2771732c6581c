"""The stream of a completion as one value; anything in a chunk may be missing."""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from memory.model.errors import AgentMisbehaved
from memory.model.limits import OUTPUT_BYTES

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk

TOKENS_MOST: Final = 1_000_000_000
"""More than any model of today takes or gives; what is above it was not counted."""


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


async def hear(chunks: "AsyncIterable[ChatCompletionChunk]", title: str) -> Heard:
    """Read to the end. Raises AgentMisbehaved past 1 MB."""
    texts: list[str] = []
    refusals: list[str] = []
    finish, size = "", 0
    tokens_in = tokens_out = None
    async for chunk in chunks:
        if chunk.usage is not None:
            tokens_in = _count(getattr(chunk.usage, "prompt_tokens", None))
            tokens_out = _count(getattr(chunk.usage, "completion_tokens", None))
        for choice in (chunk.choices or ())[:1]:
            finish = choice.finish_reason or finish
            # `delta` is typed as always there, yet some servers leave it out.
            texts.append(getattr(choice.delta, "content", None) or "")
            refusals.append(getattr(choice.delta, "refusal", None) or "")
            size += len(texts[-1].encode()) + len(refusals[-1].encode())
        if size > OUTPUT_BYTES:
            raise AgentMisbehaved(
                "{title} wrote more than 1 MB. Ask for a shorter text.", title=title
            )
    ended = bool(finish) or tokens_out is not None  # it said why, or what it used
    return Heard("".join(texts), "".join(refusals), finish, tokens_in, tokens_out, ended)


def _count(tokens: object) -> int | None:
    """A number of tokens, where it can be one: the SDK passes on whatever it is given."""
    return tokens if type(tokens) is int and 0 <= tokens <= TOKENS_MOST else None
