"""The stream of a completion as one value; anything in a chunk may be missing."""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory.model.errors import AgentMisbehaved
from memory.model.limits import OUTPUT_BYTES

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk


@dataclass(frozen=True)
class Heard:
    """What was said. Tokens are None where the endpoint does not tell."""

    text: str
    refusal: str
    finish: str
    tokens_in: int | None
    tokens_out: int | None


async def hear(chunks: "AsyncIterable[ChatCompletionChunk]", title: str) -> Heard:
    """Read to the end. Raises AgentMisbehaved past 1 MB."""
    texts: list[str] = []
    refusals: list[str] = []
    finish, size = "", 0
    tokens_in = tokens_out = None
    async for chunk in chunks:
        if chunk.usage is not None:
            tokens_in, tokens_out = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        for choice in (chunk.choices or ())[:1]:
            finish = choice.finish_reason or finish
            if choice.delta is None:  # typed as always there, yet some servers leave it out
                continue  # type: ignore[unreachable]  # see the line above
            texts.append(choice.delta.content or "")
            refusals.append(choice.delta.refusal or "")
            size += len(texts[-1].encode()) + len(refusals[-1].encode())
        if size > OUTPUT_BYTES:
            raise AgentMisbehaved(f"{title} wrote more than 1 MB; ask for a shorter text.")
    return Heard("".join(texts), "".join(refusals), finish, tokens_in, tokens_out)
