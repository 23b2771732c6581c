"""The fake model speaks to the real client the way providers do."""

import json

import pytest
from openai import APIConnectionError, AsyncOpenAI, InternalServerError, RateLimitError

from tests.fakes.model import Cut, Data, Endless, FakeModel, Fault, Refusal, Slow, Text

ASK = [{"role": "user", "content": "hello"}]


def client_of(model: FakeModel, **options: float) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=model.base_url, api_key="none", max_retries=0, **options)


async def test_replies_come_in_order_and_requests_are_kept() -> None:
    async with FakeModel() as model, client_of(model) as client:
        model.say(Text("one"), Refusal("no"))
        first = await client.chat.completions.create(model="fake-model", messages=ASK)
        second = await client.chat.completions.create(model="fake-model", messages=ASK)
        assert first.choices[0].message.content == "one"
        assert first.usage is not None
        assert first.usage.prompt_tokens == 100
        assert second.choices[0].message.refusal == "no"
        assert [seen.text for seen in model.chats] == ["hello", "hello"]


async def test_data_comes_in_the_form_that_was_asked_for() -> None:
    tool = {"type": "function", "function": {"name": "plan", "parameters": {"type": "object"}}}
    async with FakeModel() as model, client_of(model) as client:
        model.say(Data({"a": 1}), Data({"a": 1}, fenced=True))
        called = await client.chat.completions.create(
            model="fake-model", messages=ASK, tools=[tool]
        )
        calls = called.choices[0].message.tool_calls
        assert calls is not None
        assert json.loads(calls[0].function.arguments) == {"a": 1}
        fenced = await client.chat.completions.create(model="fake-model", messages=ASK)
        assert "```json" in str(fenced.choices[0].message.content)


async def test_a_stream_ends_with_a_chunk_that_has_usage_and_no_choice() -> None:
    async with FakeModel() as model, client_of(model) as client:
        model.say(Text("a b c"))
        stream = await client.chat.completions.create(
            model="fake-model", messages=ASK, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
        words = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert words == "a b c"
        assert chunks[-1].choices == []
        assert chunks[-1].usage is not None


async def test_faults_reach_the_client_as_what_they_are() -> None:
    async with FakeModel() as model, client_of(model, timeout=0.3) as client:
        model.say(Fault(429, retry_after="7"), Fault(503), Cut(), Cut(halfway=True), Slow(5))
        with pytest.raises(RateLimitError) as limited:
            await client.chat.completions.create(model="fake-model", messages=ASK)
        assert limited.value.response.headers["Retry-After"] == "7"
        with pytest.raises(InternalServerError):
            await client.chat.completions.create(model="fake-model", messages=ASK)
        for _ in range(3):
            with pytest.raises(APIConnectionError):
                await client.chat.completions.create(model="fake-model", messages=ASK)


async def test_an_endless_stream_can_be_left() -> None:
    async with FakeModel() as model, client_of(model) as client:
        model.say(Endless())
        stream = await client.chat.completions.create(model="fake-model", messages=ASK, stream=True)
        seen = 0
        async for _ in stream:
            seen += 1
            if seen == 20:
                break
        await stream.close()
        assert seen == 20


async def test_the_server_comes_back_on_the_same_port() -> None:
    async with FakeModel(ollama=True) as model, client_of(model) as client:
        await model.stop()
        with pytest.raises(APIConnectionError):
            await client.models.list()
        await model.start()
        assert [one.id async for one in client.models.list()] == ["fake-model"]
