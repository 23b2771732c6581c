"""The model agent through the executor, against a provider that does everything wrong."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from executor.agents.model import ModelAgent
from executor.policy.retry import RetryPolicy
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import AgentName, RunId
from memory.model.errors import AgentUnavailable, OrchestraError
from memory.model.work.graph import Retry
from memory.model.work.value import Text
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.tables import attempts
from tests.chaos.accounts import RESERVED, Outside, all_is_well, budgeted, until
from tests.chaos.provider import (
    DONE,
    GOOD,
    STREAM,
    TOKENS,
    Answer,
    Provider,
    chunk,
    drips,
    endless,
    fails,
    http,
    resets,
    sends,
    silent,
    streams,
    usage,
)
from tests.unit.executor.agents.calls import call
from tests.unit.executor.world import ANA, PROJECT, World, plan, task, world, writes

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("providers"),
    # The SDK leaves a broken stream to the collector, which may find it still closing.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

QUICK = RetryPolicy(base_s=0.01)
OUT = "is having trouble right now"
BROKE = "stopped in the middle of its reply"
UNREADABLE = "sent a reply that can't be read"
EMPTY = "returned an empty reply"
BUSY = "is getting too many requests"
POOR = "has no credit left"
LATE = " 1 s."
WELL = ("succeeded", "")


@dataclass(frozen=True)
class Trouble:
    """What a provider answers, how the run must end, and how often it may be asked."""

    name: str
    answers: tuple[Answer, ...]
    ends: tuple[str, str] = WELL
    asked: int = 2
    attempts: int = 4
    timeout_s: int = 10


def _429(*headers: str) -> Answer:
    return fails("429 Too Many Requests", *headers, code="rate_limit_exceeded")


def _odd(body: bytes, kind: str = STREAM, *headers: str) -> Answer:
    return sends(http(body, *headers, kind=kind))


def _large(size: int) -> bytes:
    piece = chunk({"content": "x" * 50_000})
    return piece * (size // len(piece)) + chunk(finish="stop") + DONE


GOES_WELL = streams(GOOD)
DATE = "Date: Mon, 02 Mar 2026 09:00:00 GMT"
HELD_BACK = ("waiting", BUSY)
TROUBLES = (
    Trouble("nothing at all is wrong", (GOES_WELL,), asked=1),
    Trouble("429, try at once", (_429("Retry-After: 0"), GOES_WELL)),
    Trouble("429, try in an hour", (_429("Retry-After: 3600"),), HELD_BACK, 1),
    Trouble("429 until a date", (
        _429(DATE, "Retry-After: Mon, 02 Mar 2026 10:00:00 GMT"),), HELD_BACK, 1),
    Trouble("429 until a date that is past", (
        _429(DATE, "Retry-After: Mon, 02 Mar 2026 08:00:00 GMT"), GOES_WELL)),
    Trouble("429 without a time", (_429(), GOES_WELL)),
    Trouble("429 for ever", (_429(),), ("failed", BUSY), 4),
    Trouble("429 with nonsense for a time", (
        _429("Retry-After: soon"), _429("Retry-After: -1"), _429("Retry-After: nan"), GOES_WELL), asked=4),
    Trouble("429 for a thousand years", (_429("Retry-After: 31536000000"),), HELD_BACK, 1),
    Trouble("429 until infinity", (_429("Retry-After: inf"),), HELD_BACK, 1),
    Trouble("429 until the year 9999", (
        _429(DATE, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"),), HELD_BACK, 1),
    Trouble("no credit", (
        fails("429 Too Many Requests", code="insufficient_quota"),), ("failed", POOR), 1),
    *(Trouble(f"{status} once", (fails(f"{status} X"), GOES_WELL)) for status in (500, 502, 503, 529)),
    Trouble("500 for ever", (fails("500 X"),), ("failed", OUT), 4),
    Trouble("503 in HTML", (
        sends(http(b"<html>down</html>", status="503 X", kind="text/html")), GOES_WELL)),
    Trouble("reset before a word", (resets(), GOES_WELL)),
    Trouble("reset in the head", (resets(b"HTTP/1.1 200 OK\r\nConte"), GOES_WELL)),
    Trouble("reset in the stream", (resets(http(GOOD[:90], kind=STREAM)), GOES_WELL)),
    Trouble("reset for ever", (resets(),), ("failed", BROKE), 4),
    Trouble("the end before a word", (sends(b""), GOES_WELL)),
    Trouble("not HTTP", (sends(b"220 mail.example.org ESMTP\r\n"), GOES_WELL)),
    Trouble("a drop at a time", (
        drips(http(GOOD * 9, kind=STREAM), 0.05),), ("failed", LATE), 1, 1, 1),
    Trouble("never a word", (silent,), ("failed", LATE), 1, 1, 1),
    Trouble("words without an end", (
        endless(http(b"", kind=STREAM), chunk({"content": "more " * 99})),), ("failed", "than 1 MB"), 1, 1),
    Trouble("one line without an end", (
        endless(http(b"data: ", kind=STREAM), b"x" * 65_536),), ("failed", "sent too much"), 1, 1),
    Trouble("an error without an end", (
        endless(http(b"", status="500 X"), b"x" * 65_536),), ("failed", "sent too much"), 1, 1),
    Trouble("50 MB of words", (streams(_large(50_000_000)),), ("failed", "than 1 MB"), 1, 1),
    Trouble("half a reply, and an end as if it were whole", (streams(GOOD[:90]), GOES_WELL)),
    Trouble("choices null", (_odd(b'data: {"choices": null}\n\n' + DONE), GOES_WELL)),
    Trouble("choices a word", (_odd(b'data: {"choices": "none"}\n\n' + DONE), GOES_WELL)),
    Trouble("content a number", (_odd(chunk({"content": 5}) + DONE), GOES_WELL)),
    Trouble("content a list", (_odd(chunk({"content": [{"text": "x"}]}) + DONE), GOES_WELL)),
    Trouble("finish a number", (_odd(chunk({"content": "x"}, finish=7) + DONE),), asked=1),
    Trouble("a tool call nobody asked for", (
        _odd(chunk({"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {
            "name": "rm", "arguments": "{}"}}]}, finish="tool_calls") + DONE), GOES_WELL)),
    *(Trouble(f"{told!r} tokens", (
        _odd(chunk({"content": "all well"}, finish="stop")
             + usage({**TOKENS, "prompt_tokens": told, "completion_tokens": told}) + DONE),), asked=1)
      for told in (float("nan"), float("inf"), -7, "many", 10**30, None, 1.5, True)),
    Trouble("usage a word", (
        _odd(chunk({"content": "all well"}, finish="stop") + usage("none") + DONE),), asked=1),
    Trouble("HTML for JSON", (_odd(b"<html>hello</html>", "text/html"), GOES_WELL)),
    Trouble("no body", (_odd(b""), GOES_WELL)),
    Trouble("a whole reply where a stream was asked for", (
        _odd(json.dumps({"choices": [{"message": {"content": "x"}}]}).encode(), "application/json"),
        GOES_WELL)),
    Trouble("JSON deeper than any stack", (
        _odd(b"data: " + b"[" * 100_000 + b"]" * 100_000 + b"\n\n"), GOES_WELL)),
    Trouble("bytes that are no text", (_odd(b"data: \xff\xfe\n\n"), GOES_WELL)),
    Trouble("a lie about gzip", (_odd(GOOD, STREAM, "Content-Encoding: gzip"), GOES_WELL)),
    Trouble("gzip that nobody asked for, and 1 GB in it", (
        _odd(gzip.compress(b"x" * 50_000_000), STREAM, "Content-Encoding: gzip"), GOES_WELL)),
    Trouble("less than was promised, after all was said", (
        sends(http(GOOD, kind=STREAM, length=len(GOOD) + 9)),), asked=1),
)  # fmt: skip


@dataclass
class Shop:
    """An open executor with a model for each trouble."""

    here: World
    provider: Provider
    outside: Outside
    accepted: list[RunId] = field(default_factory=list)


def _agent(provider: Provider, name: str) -> ModelAgent:
    endpoint = ModelEndpoint(
        name=AgentName(name), title="Claude", provider="anthropic", model=name,
        base_url=provider.base_url, price_model="claude-sonnet-5-5", timeout_s=20.0,
    )  # fmt: skip
    return ModelAgent(endpoint)


def _name(trouble: Trouble) -> str:
    return f"m{TROUBLES.index(trouble)}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    root = tmp_path_factory.mktemp("shop")
    database = Database(database_url(root))
    await schema.upgrade(database)
    await budgeted(database)
    outside = Outside()
    async with Provider() as provider:
        models = [_agent(provider, _name(trouble)) for trouble in TROUBLES]
        everyone = [outside.agent(), *models]
        async with world(database, root, everyone, retry=QUICK) as here:  # type: ignore[arg-type]  # world() is typed for scripted agents
            await here.executor.ready()
            yield Shop(here, provider, outside)
    await database.close()


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.name)
async def test_a_run_ends_with_one_clear_reason(shop: Shop, trouble: Trouble) -> None:
    name = _name(trouble)
    shop.provider.scripts[name] = [*trouble.answers]
    ask = task(
        "ask", agent=name, timeout_s=trouble.timeout_s, cost_high_micro_usd=RESERVED,
        retry=Retry(attempts=trouble.attempts, base_s=0.01),
    )  # fmt: skip
    made = plan(ask, writes("tell", "ask", agent="writer", target=name), title=trouble.name)
    run = await shop.here.start(made)
    shop.accepted.append(run)
    state, words = trouble.ends
    if state == "waiting":
        view = await shop.here.until(run, lambda view: words in view.tasks[0].note)
        assert not view.state.over
        assert await _later_s(shop.here, run) > 3_000
    else:
        view = await shop.here.over(run)
        assert view.state.value == state, view.problem
        assert words in view.problem
        assert "The log has the reason" not in view.problem
    assert shop.provider.asked[name] == trouble.asked
    await until(lambda: shop.provider.open == 0, "a connection is open still")
    endings = await all_is_well(shop.here.database, shop.accepted, shop.outside.done)
    assert endings["succeeded"] == len(shop.outside.done)


async def _later_s(here: World, run: RunId) -> float:
    """In how many seconds the engine hands out the next attempt."""
    query = sa.select(attempts.c.id).where(
        (attempts.c.run_id == run) & (attempts.c.state == "enqueued")
    )
    async with here.database.reading() as connection:
        name = (await connection.execute(query)).scalar_one()
        found = await connection.execute(
            sa.text(
                "SELECT delay_until_epoch_ms - created_at FROM workflow_status"
                " WHERE workflow_uuid = :name"
            ),
            {"name": name},
        )
        return float(found.scalar_one()) / 1000


async def test_runs_that_wait_for_a_provider_can_be_cancelled(shop: Shop) -> None:
    waiting = [view.id for view in await shop.here.executor.runs(PROJECT, running_only=True)]
    for run in waiting:
        assert await shop.here.executor.cancel(PROJECT, run, by=ANA.key)
    endings = await all_is_well(shop.here.database, shop.accepted, shop.outside.done)
    assert endings["waiting"] == 0
    assert endings["cancelled"] == len(waiting)


FRAMED = {
    "until the connection ends": http(GOOD, kind=STREAM),
    "with its length told": http(GOOD, kind=STREAM, length=len(GOOD)),
}


@pytest.mark.parametrize("framing", FRAMED)
async def test_a_stream_cut_at_any_byte_is_never_taken_for_the_whole(
    framing: str, tmp_path: Path
) -> None:
    whole = FRAMED[framing]
    kept = whole.index(b'"finish_reason": "stop"') + len(b'"finish_reason": "stop"}]}\n')
    async with Provider() as provider:
        agent = _agent(provider, "m")
        begun = set(asyncio.all_tasks())
        for cut in range(len(whole)):
            provider.scripts["m"] = [sends(whole[:cut])]
            try:
                reply = await agent.run(call(tmp_path))
            except OrchestraError as error:
                assert error.retryable, error.user_text
                assert isinstance(error, AgentUnavailable) or cut < kept
            else:
                assert reply.value == Text(text="all well"), cut
                assert cut >= kept - 1
        provider.scripts["m"] = [sends(whole)]
        reply = await agent.run(call(tmp_path))
        assert (reply.usage.tokens_in, reply.usage.tokens_out) == (10, 5)
        await until(lambda: provider.open == 0, "a connection is open still")
        await until(lambda: asyncio.all_tasks() <= begun, "a task is left")
