"""A model on an OpenAI-compatible endpoint as an agent."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from executor.agents.port import Agent, Call, Reply
from executor.completions.prompt import Prompt, prompt
from executor.completions.reading import Heard, hear
from executor.completions.toolloop import chosen, usable, worked
from executor.completions.troubles import broke_off, declined, sorted_errors
from executor.completions.usage import usage_of
from executor.completions.wire import UNPACKED, Wire
from executor.data import arguments
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.spec import AgentKind, AgentSpec, Parameter
from memory.model.errors import AgentDeclined, AgentMisbehaved, AgentUnavailable, OrchestraError
from memory.model.work.value import Text

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

TASK_TYPES = (
    "research", "draft", "review", "summarise", "translate", "analyse", "code", "general",
)  # fmt: skip
NAMED = 30
"""More tools than that are not listed with every model; what a plan names is checked anyway."""


class ModelAgent:
    """Asks once, streaming, without retries; keeps nothing between calls."""

    def __init__(self, endpoint: ModelEndpoint, tools: Sequence[Agent] = ()) -> None:
        self._endpoint = endpoint
        self._tools = tools
        self._trust: ssl.SSLContext | None = None
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
                *_tools_slot(tools),
            ),
            output="text",
            provider=endpoint.provider,
            price_model=endpoint.price_model,
            aliases=endpoint.aliases,
            local=endpoint.local,
            limits=endpoint.limits,
            recovery=endpoint.recovery,
        )

    async def run(self, call: Call) -> Reply:
        """The model's words. See the port for what it raises."""
        said = await asyncio.to_thread(prompt, call)
        if names := arguments.words(call, "tools"):
            return await self._with_tools(call, said, chosen(names, self._tools))
        wire = Wire(self._endpoint.title)
        try:
            async with (
                asyncio.timeout(call.timeout_s),
                sorted_errors(self._endpoint),
                self._stream(said, wire) as chunks,
            ):
                heard = await hear(chunks, self._endpoint.title)
        except TimeoutError as error:
            raise AgentUnavailable(
                "{title} did not finish within {timeout_s:,.0f} s.",
                title=self._endpoint.title,
                timeout_s=call.timeout_s,
            ) from error
        text = self._checked(heard)
        if not heard.ended and not wire.ended:
            raise AgentUnavailable(broke_off(self._endpoint.title), detail="no end of the stream")
        return Reply(value=Text(text=text), usage=usage_of(self._endpoint, heard))

    async def _with_tools(self, call: Call, said: Prompt, tools: Sequence[Agent]) -> Reply:
        try:
            async with (
                asyncio.timeout(call.timeout_s),
                sorted_errors(self._endpoint),
                self._client(Wire(self._endpoint.title)) as client,
            ):
                heard, usage = await worked(client, self._endpoint, said, call, tools)
        except TimeoutError as error:
            raise AgentUnavailable(
                "{title} did not finish within {timeout_s:,.0f} s.",
                title=self._endpoint.title,
                timeout_s=call.timeout_s,
            ) from error
        return Reply(value=Text(text=self._checked(heard)), usage=usage)

    async def healthy(self) -> bool:
        """Whether the endpoint answers and takes our key, by a question that costs nothing."""
        try:
            async with (
                sorted_errors(self._endpoint),
                self._client(Wire(self._endpoint.title)) as client,
            ):
                await client.models.list()
        except OrchestraError:
            return False
        return True

    def _checked(self, heard: Heard) -> str:
        title = self._endpoint.title
        if heard.refusal or heard.finish == "content_filter":
            raise AgentDeclined(declined(title), detail=heard.refusal)
        if not heard.text.strip():
            raise AgentMisbehaved("{title} gave back an empty reply.", title=title)
        if heard.finish == "length":
            raise AgentMisbehaved(
                "{title} was cut off at its longest reply; ask for a shorter text.", title=title
            )
        return heard.text.strip()

    @asynccontextmanager
    async def _stream(
        self, said: Prompt, wire: Wire
    ) -> "AsyncIterator[AsyncStream[ChatCompletionChunk]]":
        async with self._client(wire) as client:
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

    def _client(self, wire: Wire) -> "AsyncOpenAI":
        import httpx2  # noqa: PLC0415 - comes with openai
        from openai import (  # noqa: PLC0415 - 0.9 s that only model tasks should pay
            AsyncOpenAI,
            DefaultAsyncHttpxClient,
        )

        if self._trust is None:  # 20 ms of the loop that each call need not take
            self._trust = httpx2.create_ssl_context()
        return AsyncOpenAI(
            base_url=self._endpoint.base_url,
            api_key=self._endpoint.api_key.get_secret_value() or "none",
            max_retries=0,
            timeout=self._endpoint.timeout_s,
            default_headers=UNPACKED,
            http_client=DefaultAsyncHttpxClient(
                verify=self._trust, event_hooks={"response": [wire.watch]}
            ),
        )


def _tools_slot(tools: Sequence[Agent]) -> tuple[Parameter, ...]:
    """The tools a plan may let it use by itself. A control slot: only the plan names them."""
    names = tuple(str(one.spec.name) for one in tools if usable(one.spec))
    if not names:
        return ()
    return (
        Parameter(
            name="tools",
            description="Tools it may use by itself, where it has to look things up",
            type="list",
            slot="control",
            required=False,
            choices=names if len(names) <= NAMED else (),
        ),
    )
