"""A model on an OpenAI-compatible endpoint as an agent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from executor.agents.port import Call, Reply
from executor.completions.prompt import Prompt, prompt
from executor.completions.reading import Heard, hear
from executor.completions.troubles import sorted_errors
from executor.completions.usage import usage_of
from memory.model.agent import AgentKind, AgentSpec, Parameter
from memory.model.endpoint import ModelEndpoint
from memory.model.errors import AgentMisbehaved, AgentRejected, AgentUnavailable
from memory.model.value import Text

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

TASK_TYPES = (
    "research", "draft", "review", "summarise", "translate", "analyse", "code", "general",
)  # fmt: skip


class ModelAgent:
    """Asks once, streaming, without retries; keeps nothing between calls."""

    def __init__(self, endpoint: ModelEndpoint) -> None:
        self._endpoint = endpoint
        self.spec = AgentSpec(
            name=endpoint.name,
            kind=AgentKind.MODEL,
            title=endpoint.title,
            description=f"The model {endpoint.model}: writes, reviews, analyses, translates.",
            task_types=TASK_TYPES,
            parameters=(
                Parameter(
                    name="context",
                    description="What the task is about: texts, tables, files",
                    type="list",
                    required=False,
                ),
            ),
            output="text",
            provider=endpoint.provider,
            price_model=endpoint.price_model,
            aliases=endpoint.aliases,
            local=endpoint.local,
        )

    async def run(self, call: Call) -> Reply:
        """The model's words. See the port for what it raises."""
        said = await asyncio.to_thread(prompt, call)
        try:
            async with (
                asyncio.timeout(call.timeout_s),
                sorted_errors(self._endpoint),
                self._stream(said) as chunks,
            ):
                heard = await hear(chunks, self._endpoint.title)
        except TimeoutError as error:
            raise AgentUnavailable(
                f"{self._endpoint.title} did not finish within {call.timeout_s:,.0f} s."
            ) from error
        return Reply(value=Text(text=self._checked(heard)), usage=usage_of(self._endpoint, heard))

    def _checked(self, heard: Heard) -> str:
        title = self._endpoint.title
        if heard.refusal or heard.finish == "content_filter":
            raise AgentRejected(
                f"{title} declined this task; word it differently or choose another agent.",
                detail=heard.refusal,
            )
        if not heard.text.strip():
            raise AgentMisbehaved(f"{title} gave back an empty reply.")
        if heard.finish == "length":
            raise AgentMisbehaved(
                f"{title} was cut off at its longest reply; ask for a shorter text."
            )
        return heard.text.strip()

    @asynccontextmanager
    async def _stream(self, said: Prompt) -> "AsyncIterator[AsyncStream[ChatCompletionChunk]]":
        async with self._client() as client:
            stream = await client.chat.completions.create(
                model=self._endpoint.model,
                messages=[
                    {"role": "system", "content": said.system},
                    {"role": "user", "content": said.user},
                ],
                stream=True,
                stream_options={"include_usage": True},
            )
            async with stream:
                yield stream

    def _client(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI  # noqa: PLC0415 - 0.9 s that only model tasks should pay

        return AsyncOpenAI(
            base_url=self._endpoint.base_url,
            api_key=self._endpoint.api_key.get_secret_value() or "none",
            max_retries=0,
            timeout=self._endpoint.timeout_s,
        )
