"""Live events: each once, in order, whatever breaks; and nothing of what one may not see."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.web.hub import QUEUED, Hub, Told
from memory.model.identity import Role
from memory.store.knowledge import projects
from tests.unit.bot.web.site import OWNER, Browser, Event, Site, events, site, somebody

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("web events"),
]

WORDS = "sort the lines of notes.txt and save them as sorted.txt"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with site(tmp_path_factory.mktemp("site")) as found:
        (found.settings.workspace / "notes.txt").write_text("b\na\n")
        yield found


async def ran(here: Site, browser: Browser) -> str:
    """A run that is over, by its id."""
    before = {run["id"] for run in (await browser.read("/api/v1/runs"))["items"]}
    await browser.post("/api/v1/sessions", {"text": WORDS})
    waits = await browser.until("/api/v1/waiting", lambda page: page["items"], here.app)
    plan = waits["items"][0]["plan"]
    answer = await browser.post(f"/api/v1/plans/{plan}/approve", {"hash": plan})
    assert answer.json()["outcome"] == "approved"
    found = await browser.until(
        "/api/v1/runs",
        lambda page: any(run["finished_at"] for run in page["items"] if run["id"] not in before),
        here.app,
    )
    return str(next(run["id"] for run in found["items"] if run["id"] not in before))


async def read_from(browser: Browser, seen: str, count: int, **params: str) -> list[Event]:
    """So many numbered events behind the one that was seen, as a browser that reconnects asks."""
    headers = {"Last-Event-ID": seen} if seen else {}
    found: list[Event] = []
    async with browser.client.stream(
        "GET", "/api/v1/events", headers=headers, params=params
    ) as stream:
        async for event in events(stream.aiter_lines()):
            found += [event] if event.id else []
            if len(found) >= count:
                break
    return found


async def test_who_reconnects_after_every_event_sees_each_once_and_in_order(here: Site) -> None:
    async with asyncio.timeout(120), here.browser() as browser:
        run = await ran(here, browser)
        stored = [
            event["seq"] for event in (await browser.read(f"/api/v1/runs/{run}/events"))["items"]
        ]
        assert len(stored) > 4
        seen, told = str(stored[0] - 1), []
        for _ in stored:
            (event,) = await read_from(browser, seen, 1, run=run)
            seen = event.id
            told.append(int(event.id))
        assert told == stored
        at_once = await read_from(browser, str(stored[0] - 1), len(stored), run=run)
        assert [event.data["seq"] for event in at_once] == stored
        assert {event.kind for event in at_once} == {"news"}


async def test_a_live_stream_tells_the_same_as_is_stored(here: Site) -> None:
    async with asyncio.timeout(120), here.browser() as watching, here.browser() as doing:
        async with watching.client.stream("GET", "/api/v1/events") as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            run = await ran(here, doing)
            live: list[Event] = []
            async for event in events(lines):
                live.append(event)
                if event.data.get("kind") == "run_finished":
                    break
        stored = (await doing.read(f"/api/v1/runs/{run}/events"))["items"]
        told = [event.data["seq"] for event in live if event.kind == "news"]
        assert told == [event["seq"] for event in stored if event["seq"] in told]
        assert {event["kind"] for event in stored} - {"task_said"} <= {
            event.data["kind"] for event in live if event.kind == "news"
        }
        acts = {event.data["action"] for event in live if event.kind == "act"}
        assert {"plan.shown", "plan.approved", "run.started"} <= acts
        assert any(event.kind == "message" for event in live)


async def test_nothing_of_another_project_is_told_live_or_again(here: Site) -> None:
    await here.project("theirs", eve=Role.OWNER)
    async with asyncio.timeout(120), here.browser(somebody("eve")) as eve, here.browser() as ana:
        async with eve.client.stream("GET", "/api/v1/events?after=0") as stream:
            lines = stream.aiter_lines()
            run = await ran(here, ana)
            services = await here.app.services()
            async with services.database.transaction() as tx:  # the last thing she's told
                await projects.set_role(
                    tx, projects.ProjectId("prj_theirs"), somebody("eve"), Role.MEMBER,
                    at=services.clock.now(),
                )  # fmt: skip
            await eve.post("/api/v1/projects/prj_theirs/stop")
            told = []
            async for line in lines:
                told.append(line)
                if "work.stopped" in line:
                    break
        text = "\n".join(told)
        assert run not in text
        assert OWNER.key not in text
        assert "news" not in text
        assert (await eve.get(f"/api/v1/runs/{run}")).status_code == 404


async def test_who_is_shut_out_is_told_nothing_more(here: Site) -> None:
    async with asyncio.timeout(60), here.browser(somebody("zoe")) as zoe:
        async with zoe.client.stream("GET", "/api/v1/events") as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            await zoe.post("/api/v1/logout")
            assert [line async for line in lines if line.startswith("data")] == []


@pytest.mark.parametrize("after", ["999999999", "5000000"])
async def test_who_asks_for_what_was_never_there_reads_everything_anew(
    here: Site, after: str
) -> None:
    async with asyncio.timeout(60), here.browser() as browser:
        (event,) = await read_from(browser, after, 1)
        assert event.kind == "resync"
        assert int(event.id) == event.data["after"] < int(after)


async def test_who_reads_too_slowly_begins_anew_and_holds_up_nobody() -> None:
    hub = Hub()
    with hub.watching() as slow, hub.watching() as quick:
        for number in range(QUEUED + 1):
            hub._hand(Told("p", "r", b"x", number + 1))
            quick.queue.get_nowait()
        assert slow.behind
        assert not quick.behind
    assert hub.watched == 0
