"""A model on an OpenAI-compatible endpoint as an agent."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from executor.completions.asking import Asker
from executor.completions.metering import Till
from executor.completions.prompt import CONTEXT, Prompt, prompt
from executor.completions.reading import Heard, hear, hear_events
from executor.completions.toolloop import chosen, usable, worked
from executor.completions.troubles import broke_off, cut_by_budget, declined, sorted_errors
from executor.completions.usage import usage_of
from executor.completions.wire import UNPACKED, Wire
from executor.data import arguments
from executor.data.specs import control
from executor.meter import Meter
from executor.port import Agent, Call, Reply
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.spec import AgentKind, AgentSpec, Parameter
from memory.model.errors import AgentMisbehaved, AgentUnavailable, OrchestraError
from memory.model.wires import manner as wires
from memory.model.wires.turns import Question, Said
from memory.model.work.run import Usage
from memory.model.work.value import Text

if TYPE_CHECKING:
    from openai import AsyncOpenAI

TASK_TYPES = (
    "research", "draft", "review", "summarise", "translate", "analyse", "code", "general",
)  # fmt: skip
NAMED = 30
"""With more tools than that, they aren't listed with every model; a plan's are checked anyway."""


class ModelAgent:
    """Asks once, streaming, without retries; keeps nothing between calls."""

    def __init__(self, endpoint: ModelEndpoint, tools: Sequence[Agent] = ()) -> None:
        self._endpoint = endpoint
        self._tools = tools
        self._asker = Asker(endpoint)
        self._trust: ssl.SSLContext | None = None
        self.spec = AgentSpec(
            name=endpoint.name,
            kind=AgentKind.MODEL,
            title=endpoint.title,
            description=f"The model {endpoint.model}: writes, reviews, analyses, translates.",
            task_types=TASK_TYPES,
            parameters=(CONTEXT, *_tools_parameter(tools)),
            output="text",
            provider=endpoint.provider,
            price_model=endpoint.price_model,
            aliases=endpoint.aliases,
            local=endpoint.local,
            limits=endpoint.limits,
            recovery=endpoint.recovery,
        )

    async def run(self, call: Call) -> Reply:
        """The model's answer. See the port for what it raises."""
        title = self._endpoint.title
        question = await asyncio.to_thread(prompt, call)
        tools = chosen(arguments.words(call, "tools"), self._tools)
        try:
            async with asyncio.timeout(call.timeout_s), sorted_errors(self._endpoint):
                if tools:
                    async with self._client(Wire(title)) as client:
                        heard, usage = await worked(
                            client, self._asker, self._endpoint, question, call, tools
                        )
                else:
                    heard, usage = await self._streamed(question, call.meter)
        except TimeoutError as error:
            raise AgentUnavailable(
                "{title} didn't finish within {timeout_s:,.0f} s.",
                title=title,
                timeout_s=call.timeout_s,
            ) from error
        return Reply(value=Text(text=self._checked(heard)), usage=usage)

    async def healthy(self) -> bool:
        """Whether the endpoint answers and accepts our key, asked at no cost."""
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
            raise declined(title, detail=heard.refusal)
        if not heard.text.strip():
            raise AgentMisbehaved("{title} returned an empty reply.", title=title)
        if heard.finish == "length":
            raise AgentMisbehaved(
                "{title} was cut off at its longest reply. Ask for a shorter text.", title=title
            )
        if not heard.ended:
            raise broke_off(title, detail="no end of the stream")
        return heard.text.strip()

    async def _streamed(self, question: Prompt, meter: Meter) -> tuple[Heard, Usage]:
        wire, title = Wire(self._endpoint.title), self._endpoint.title
        asked = Question(
            messages=(
                Said(role="system", text=question.system),
                Said(role="user", text=question.user),
            )
        )
        till = Till(self._endpoint, meter)
        async with self._client(wire) as client, till.counting(asked) as tally:
            stream = await self._asker.put(client, asked, till, tally, stream=True)
            async with stream:
                if self._asker.wire is wires.Wire.RESPONSES:
                    heard = await hear_events(stream, title, tally.heard)
                else:
                    heard = await hear(stream, title, tally.heard)
        usage = usage_of(self._endpoint, heard, bytes_in=tally.bytes_in)
        till.paid(usage)
        if heard.finish == "length" and tally.limit is not None:
            raise cut_by_budget(title, tally.limit)
        return replace(heard, ended=heard.ended or wire.ended), usage

    def _client(self, wire: Wire) -> "AsyncOpenAI":
        import httpx2  # noqa: PLC0415 - comes with openai
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient  # noqa: PLC0415 - 0.9 s that only model tasks should pay

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


def _tools_parameter(tools: Sequence[Agent]) -> tuple[Parameter, ...]:
    """The tools a plan may let it use by itself. A control slot: only the plan names them."""
    names = tuple(str(tool.spec.name) for tool in tools if usable(tool.spec))
    if not names:
        return ()
    listed = names if len(names) <= NAMED else ()
    words = "Tools it may use on its own to look things up"
    return (control("tools", words, "list", required=False, choices=listed),)
