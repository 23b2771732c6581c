"""Slack's place for agents, with the real SDK: status under a thread, words to begin with."""

from collections.abc import AsyncIterator

import pytest

from bot.chat import Prompt
from bot.language.catalogue import ENGLISH
from bot.platforms.slack.adapter import Slack
from bot.queries.about.prompts import Material, Totals
from bot.render.about.prompts import prompts
from memory.model.identity import Identity, Standing, ThreadRef
from memory.model.timing.clock import SystemClock
from tests.fakes.slack.ear import Ear, listening
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.workspace import Workspace


@pytest.fixture
async def slack(workspace: Workspace) -> AsyncIterator[Slack]:
    async with Slack(workspace.settings, SystemClock()) as one:
        one.suggest(_suggested)
        async with listening(workspace, Ear(), one):
            await workspace.wait_for(lambda: workspace.sockets.connected)
            yield one


async def _suggested(
    person: Identity, _standing: Standing | None, thread: ThreadRef
) -> tuple[Prompt, ...]:
    return (Prompt(title=f"For {person.display}", words=f"look at {thread.channel}"),)


async def test_what_is_being_done_is_shown_and_taken_back(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    assert await slack.status(thread, "reading sales.csv…")
    assert await slack.status(thread, "")
    assert workspace.state.statuses == [(thread.thread, "reading sales.csv…"), (thread.thread, "")]


async def test_a_workspace_without_it_is_asked_once(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    workspace.faults.plan("assistant.threads.setStatus", Fault(error="unknown_method"))
    for _ in range(3):
        assert not await slack.status(thread, "reading…")
    assert workspace.calls.count("assistant.threads.setStatus") == 1


async def test_a_failure_of_the_moment_is_not_for_good(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    workspace.faults.plan("assistant.threads.setStatus", Fault(status=503))
    assert not await slack.status(thread, "reading…")
    assert await slack.status(thread, "reading…")


async def test_no_status_stands_outside_a_thread(slack: Slack, thread: ThreadRef) -> None:
    assert not await slack.status(thread.model_copy(update={"thread": ""}), "reading…")


async def test_whoever_opens_the_messages_is_shown_words_to_begin_with(
    slack: Slack, workspace: Workspace
) -> None:
    ana = workspace.user("ana")
    direct = workspace.channel("ana", kind="im")
    workspace.tell(
        {"type": "app_home_opened", "user": ana.id, "channel": direct.id, "tab": "messages"}
    )
    await workspace.settled()
    (prompt,) = workspace.state.prompts[direct.id]
    assert prompt == {"title": "For ana", "message": f"look at {direct.id}"}


async def test_so_is_whoever_begins_a_thread_with_the_agent(
    slack: Slack, workspace: Workspace
) -> None:
    ana = workspace.user("ana")
    direct = workspace.channel("ana", kind="im")
    began = {"user_id": ana.id, "channel_id": direct.id, "thread_ts": "1.0"}
    workspace.tell({"type": "assistant_thread_started", "assistant_thread": began})
    workspace.tell({"type": "assistant_thread_started", "assistant_thread": {}})
    await workspace.settled()
    assert workspace.state.prompts[direct.id][0]["title"] == "For ana"


def test_the_words_are_of_what_is_there() -> None:
    known = Material(totals=Totals(file="sales.csv", number="revenue", group="region"), text="a.md")
    words = [prompt.words for prompt in prompts(ENGLISH, known)]
    assert words[:2] == ["total revenue by region in sales.csv and chart it", "summarise a.md"]
    assert len(words) == 4
    assert all(prompt.title for prompt in prompts(ENGLISH, Material()))
