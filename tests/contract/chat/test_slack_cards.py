"""Cards on Slack, through the real SDK: Block Kit's own forms, within its limits."""

import pytest

from bot.chat import Fact, Grid, Outgoing, Section, facts
from bot.platforms.slack.adapter import Slack
from memory.model.base import sha256
from memory.model.identity import MessageRef, ThreadRef
from tests.contract.chat.samples import FILES, PNG, card, ended
from tests.fakes.slack.ear import Ear, listening
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import Workspace


def shown(workspace: Workspace, ref: MessageRef) -> Message:
    return workspace.state.messages[(ref.where.channel, ref.message)]


async def test_a_card_has_a_header_its_state_its_facts_and_its_buttons(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    posted = shown(workspace, await slack.post(thread, card(), FILES, key="k"))
    kinds = [block["type"] for block in posted.blocks]
    assert kinds == ["header", "context", "image", "section", "divider", "section", "actions"]
    assert posted.blocks[0]["text"]["text"] == 'Plan "Q3 report"'
    assert posted.blocks[1]["elements"][0]["text"] == "🟡 Waiting for approval"
    fields = [field["text"] for field in posted.blocks[5]["fields"]]
    assert fields == ["*Effects*\n⚠ writes 1 file", "*Cost*\n$0"]
    assert "SELECT" not in posted.shown
    assert list(posted.reactions) == ["white_check_mark"]


async def test_a_phone_is_told_what_it_is_about_before_it_is_opened(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    posted = shown(workspace, await slack.post(thread, card(), FILES, key="k"))
    lines = posted.text.splitlines()
    assert lines == [
        'Plan "Q3 report"',
        "Waiting for approval",
        "Effects: ⚠ writes 1 file · Cost: $0",
    ]


async def test_a_decided_card_changes_in_place_and_loses_the_tick(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ref = await slack.post(thread, card(), FILES, key="k")
    closed = card("done").model_copy(update={"reactions": (), "files": ()})
    assert await slack.post(thread, closed, {}, key="k2", edits=ref) == ref
    posted = shown(workspace, ref)
    assert posted.blocks[1]["elements"][0]["text"].startswith("🟢")
    assert not any(posted.reactions.values())


@pytest.mark.parametrize("words", [1, 10, 140, 400])
async def test_nothing_on_a_card_breaks_a_limit_and_nothing_is_lost(
    slack: Slack, workspace: Workspace, thread: ThreadRef, words: int
) -> None:
    long = ("wörd & <word> " * words).strip()
    sections = (
        Section(text=f"1 {long[:1000]}", part="headline"),
        Section(text=f"2 {long}", part="state"),
        Section(text=f"3 {long}", part="tasks"),
        facts(*(Fact(name=f"n{number}", value=long) for number in range(words % 7 + 5))),
    )
    ref = await slack.post(thread, Outgoing(sections=sections, tone="waiting"), {}, key="k")
    first, *others = workspace.from_bot()
    assert first.ts == ref.message
    files = [file for message in others for file in message.files]
    posted = 1 + len(others) - len(files)
    assert workspace.calls.count("chat.postMessage") == posted  # nothing was refused
    texts = [message.shown for message in (first, *others)]
    texts += [file.data.decode() for file in files]
    assert "\n".join(texts).count("wörd") >= words * (words % 7 + 7)


async def test_votes_are_slacks_own_feedback_buttons_and_are_heard(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ear = Ear()
    async with listening(workspace, ear, slack):
        posted = shown(workspace, await slack.post(thread, ended(), {}, key="k"))
        assert posted.blocks[-1]["elements"][0]["type"] == "feedback_buttons"
        assert not posted.reactions
        await workspace.click(workspace.user("bo"), posted, "👎")
        await workspace.wait_for(lambda: ear.events)
        assert [event.action for event in ear.events] == ["feedback:r:-1"]


async def test_the_picture_of_a_card_is_shown_in_it(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    posted = shown(workspace, await slack.post(thread, card(), FILES, key="k"))
    file = workspace.state.files[posted.blocks[2]["slack_file"]["id"]]
    assert sha256(file.data) == sha256(PNG)


def grid(cell: str = "1") -> Section:
    cells = Grid(lead="**Sum**", columns=("a", "b"), rows=((cell, "2"),), numbers=(True, False))
    return Section(text="**Sum**\n```\na b\n```", grid=cells)


async def test_a_table_is_slacks_own_and_a_second_one_is_text(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    out = Outgoing(sections=(grid(), grid(), grid("x" * 10_000)), tone="done")
    posted = shown(workspace, await slack.post(thread, out, {}, key="k"))
    assert [block["type"] for block in posted.blocks] == ["section", "table", "section", "section"]
    assert posted.blocks[1]["rows"][1] == [
        {"type": "raw_text", "text": "1"},
        {"type": "raw_text", "text": "2"},
    ]
    assert [one["align"] for one in posted.blocks[1]["column_settings"]] == ["right", "left"]
    assert "a b" in posted.blocks[2]["text"]["text"]


async def test_where_slack_takes_no_such_blocks_the_card_is_plain_and_keeps_its_buttons(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    workspace.faults.plan("chat.postMessage", Fault(error="invalid_blocks"))
    out = ended().model_copy(update={"sections": (*ended().sections, grid())})
    posted = shown(workspace, await slack.post(thread, out, {}, key="k"))
    assert {block["type"] for block in posted.blocks} == {"section", "actions"}
    assert [button["text"]["text"] for button in posted.buttons] == ["👍", "👎"]
    assert "a b" in posted.shown
    assert len(workspace.from_bot()) == 1
