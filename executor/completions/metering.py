"""One question to a model with its money: no longer an answer than is paid for, each call counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from executor.completions.usage import estimated
from executor.meter import Meter
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.prices import reckoned, rounded
from memory.model.errors import OutOfMoney
from memory.model.wires.turns import Question
from memory.model.work.run import Usage

LEAST_TOKENS: Final = 1_000
"""An answer shorter than a page isn't worth asking for."""

MOST_TOKENS: Final = 16_000
"""Some 12,000 words: what most models of today write at most in one answer."""

MESSAGE_TOKENS: Final = 16
"""What the wire adds around a message or a tool, at most."""


@dataclass
class Tally:
    """One question: what was sent, what of the answer has come, and whether the money cut it."""

    bytes_in: int
    bytes_out: int = 0
    limit: int | None = None
    """The most tokens that were asked for, where money set it below what is usual."""

    def heard(self, size: int) -> None:
        """So many bytes of the answer have come."""
        self.bytes_out = size


def size(question: Question) -> int:
    """The bytes of all that is sent: no token of any model is shorter than one."""
    parts = [message.model_dump_json() for message in question.messages]
    parts += [tool.model_dump_json() for tool in question.tools]
    return sum(len(part.encode()) for part in parts)


class Till:
    """Limits and counts the questions of one call of an agent."""

    def __init__(self, endpoint: ModelEndpoint, meter: Meter) -> None:
        self._endpoint, self._meter = endpoint, meter

    async def most_tokens(self, question: Question, tally: Tally, *, bounded: bool) -> int | None:
        """How long the answer may be; None where nothing limits it.

        `bounded`: whether the endpoint can be told; one that can't be has to have money for the
        longest. Raises OutOfMoney.
        """
        pieces = len(question.messages) + len(question.tools)
        tokens_in = tally.bytes_in + pieces * MESSAGE_TOKENS
        asked = reckoned(self._endpoint, tokens_in, 0)
        longest = reckoned(self._endpoint, tokens_in, MOST_TOKENS)
        if not longest:
            return None
        per_token = (longest - asked) / MOST_TOKENS
        least = rounded(asked + per_token * LEAST_TOKENS) if bounded else rounded(longest)
        granted = await self._meter.afford(least, rounded(longest))
        if granted is None or not per_token:
            return None
        most = min(MOST_TOKENS, int((granted - asked) / per_token))
        tally.limit = most if most < MOST_TOKENS else None
        return most

    @asynccontextmanager
    async def counting(self, question: Question) -> AsyncIterator[Tally]:
        """Count the question if it fails: what was refused is free, what was cut is reckoned."""
        import httpx2  # noqa: PLC0415 - comes with openai, see the agent
        import openai  # noqa: PLC0415 - 0.9 s that only model tasks should pay

        tally = Tally(bytes_in=size(question))
        try:
            yield tally
        except OutOfMoney:
            raise
        except openai.APIStatusError:
            self.paid(Usage(requests=1))
            raise
        except openai.APIConnectionError as error:
            never = isinstance(error.__cause__, httpx2.ConnectError)
            self.paid(Usage(requests=1) if never else self._cut(tally))
            raise
        except BaseException:
            self.paid(self._cut(tally))
            raise

    def paid(self, usage: Usage) -> None:
        """Count a question that was answered."""
        self._meter.paid(usage)

    def _cut(self, tally: Tally) -> Usage:
        return estimated(self._endpoint, tally.bytes_in, tally.bytes_out)
