"""Slack's adapter, with the real SDK, against a workspace on loopback: what it says."""

import pytest

from bot.chat import Attachment, Button, OutFile, Outgoing, Section, SendFailed, say
from bot.platforms.slack.adapter import Slack
from memory.model.base import sha256
from memory.model.identity import MessageRef, ThreadRef
from memory.model.timing.clock import SystemClock
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import Workspace

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def _file(name: str, data: bytes, media_type: str) -> OutFile:
    return OutFile(name=name, digest=sha256(data), media_type=media_type, title=name.upper())


def _message(workspace: Workspace, ref: MessageRef) -> Message:
    return workspace.state.messages[(ref.where.channel, ref.message)]


async def test_a_message_goes_into_the_thread_with_live_mentions_only(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ref = await slack.post(thread, say("**Plan** for <@U00000002> & <!channel>"), {}, key="k")
    posted = _message(workspace, ref)
    assert posted.thread_ts == thread.thread
    assert posted.shown == "*Plan* for <@U00000002> &amp; &lt;!channel&gt;"
    assert posted.text == posted.shown
    assert posted.metadata is not None
    assert posted.metadata["event_type"] == "orchestra"


async def test_a_message_shows_its_picture_its_buttons_and_the_tick(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    buttons = (
        Button(action="approve:h", label="Run", style="primary"),
        Button(action="drop:h", label="Drop" * 40, style="danger"),
    )
    out = Outgoing(
        sections=(Section(text="Plan"), Section(text="1 research", buttons=buttons)),
        files=(_file("plan.png", PNG, "image/png"),),
        reactions=("✅", "✏️", "🧪", "❌"),
    )
    workspace.api.looks_until_ready = 3
    ref = await slack.post(thread, out, {sha256(PNG): PNG}, key="k")
    posted = _message(workspace, ref)
    assert [block["type"] for block in posted.blocks] == ["section", "image", "section", "actions"]
    assert [button.get("style") for button in posted.buttons] == ["primary", "danger"]
    assert len(posted.buttons[1]["text"]["text"]) == 75
    assert list(posted.reactions) == ["white_check_mark"]
    assert len(workspace.from_bot()) == 1


async def test_a_picture_that_slack_will_not_show_comes_after_the_message(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    workspace.faults.plan("chat.postMessage", Fault(error="invalid_blocks"))
    out = Outgoing(sections=(Section(text="Plan"),), files=(_file("plan.png", PNG, "image/png"),))
    ref = await slack.post(thread, out, {sha256(PNG): PNG}, key="k")
    message, picture = workspace.from_bot()
    assert message.ts == ref.message
    assert [file.data for file in picture.files] == [PNG]


async def test_files_follow_the_message_in_its_thread(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    data = b"# Report"
    out = Outgoing(sections=(Section(text="Done"),), files=(_file("q3.md", data, "text/markdown"),))
    ref = await slack.post(thread, out, {sha256(data): data}, key="k")
    message, shared = workspace.from_bot()
    assert message.ts == ref.message
    assert [(file.title, file.data) for file in shared.files] == [("Q3.MD", data)]
    assert shared.thread_ts == thread.thread


async def test_a_file_that_slack_refuses_is_named_in_the_message(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    data = b"# Report"
    out = Outgoing(sections=(Section(text="Done"),), files=(_file("q3.md", data, "text/markdown"),))
    workspace.faults.plan("files.getUploadURLExternal", Fault(error="storage_limit_reached"))
    await slack.post(thread, out, {sha256(data): data}, key="k")
    (message,) = workspace.from_bot()
    assert "q3.md can't be shown here" in message.shown


async def test_an_edit_changes_the_same_message_and_keeps_its_key(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ref = await slack.post(thread, say("0/3"), {}, key="k")
    workspace.faults.plan("chat.update", Fault(status=503))
    with pytest.raises(SendFailed) as failed:
        await slack.post(thread, say("1/3"), {}, key="k2", edits=ref)
    assert not failed.value.ambiguous
    assert failed.value.retry_after_s is not None
    assert await slack.post(thread, say("1/3"), {}, key="k2", edits=ref) == ref
    (posted,) = workspace.from_bot()
    assert (posted.shown, posted.edits) == ("1/3", 1)
    assert await slack.find(thread, "k") == ref


async def test_an_edit_that_is_too_long_says_so(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ref = await slack.post(thread, say("0/3"), {}, key="k")
    await slack.post(thread, say("word " * 9000), {}, key="k2", edits=ref)
    (posted,) = workspace.from_bot()
    assert posted.blocks[-1]["type"] == "context"


async def test_a_long_text_is_continued_in_further_messages(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    text = "\n".join(f"line {number}" for number in range(2500))
    ref = await slack.post(thread, say(text), {}, key="k")
    posted = workspace.from_bot()
    assert len(posted) == 2
    assert posted[0].ts == ref.message
    assert "\n".join(message.shown.replace("\n\n", "\n") for message in posted) == text


async def test_a_very_long_text_becomes_a_file(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    text = "word " * 20_000
    await slack.post(thread, say(text), {}, key="k")
    message, shared = workspace.from_bot()
    assert message.shown.startswith("word word")
    assert shared.files[0].data.decode() == text


async def test_many_buttons_and_sections_stay_within_slacks_limits(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    buttons = tuple(Button(action=f"answer:q:{n}", label=f"{n}") for n in range(60))
    sections = tuple(Section(text=f"section {n}") for n in range(70))
    await slack.post(thread, Outgoing(sections=(Section(text="?", buttons=buttons),)), {}, key="a")
    await slack.post(thread, Outgoing(sections=sections), {}, key="b")
    first, *others = workspace.from_bot()
    assert len(first.buttons) == 60
    assert [len(one.blocks) for one in others] == [50, 20]


@pytest.mark.parametrize(
    "fault", [Fault(status=503, after=True), Fault(cut=True, after=True)], ids=["503", "cut"]
)
async def test_a_message_whose_answer_was_lost_is_found_and_not_sent_twice(
    slack: Slack, workspace: Workspace, thread: ThreadRef, fault: Fault
) -> None:
    data = b"# Report"
    out = Outgoing(
        sections=(Section(text="Done"),),
        files=(_file("q3.md", data, "text/markdown"),),
        reactions=("👍",),
    )
    workspace.faults.plan("chat.postMessage", fault)
    with pytest.raises(SendFailed) as failed:
        await slack.post(thread, out, {sha256(data): data}, key="k")
    assert failed.value.ambiguous

    found = await slack.find(thread, "k")
    again = await slack.find(thread, "k")

    assert found is not None
    assert found == again
    message, shared = workspace.from_bot()
    assert found.message == message.ts
    assert list(message.reactions) == ["+1"]
    assert [file.data for file in shared.files] == [data]


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(cut=True)], ids=["503", "cut"])
async def test_a_message_that_did_not_arrive_is_not_found(
    slack: Slack, workspace: Workspace, thread: ThreadRef, fault: Fault
) -> None:
    workspace.faults.plan("chat.postMessage", fault)
    with pytest.raises(SendFailed) as failed:
        await slack.post(thread, say("Done"), {}, key="k")
    assert failed.value.ambiguous
    assert await slack.find(thread, "k") is None
    assert workspace.calls.count("chat.postMessage") == 1


async def test_a_message_is_found_far_back_in_the_channel(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ref = await slack.post(thread.channel_ref(), say("alert"), {}, key="k")
    for number in range(450):
        workspace.say(workspace.user("ana"), str(number), mention=False)
    assert await slack.find(thread.channel_ref(), "k") == ref


async def test_a_rate_limit_is_waited_for_once_and_then_told(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    workspace.faults.plan("chat.postMessage", Fault(status=429, retry_after_s=0))
    await slack.post(thread, say("one"), {}, key="a")
    limited = Fault(status=429, retry_after_s=0)
    workspace.faults.plan("chat.postMessage", limited, Fault(status=429, retry_after_s=7))
    with pytest.raises(SendFailed) as failed:
        await slack.post(thread, say("two"), {}, key="b")
    assert (failed.value.retry_after_s, failed.value.ambiguous) == (7.0, False)
    assert len(workspace.from_bot()) == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [("not_in_channel", "invite"), ("is_archived", "archived"), ("msg_too_long", "msg_too_long")],
)
async def test_a_refusal_is_final_and_gives_its_reason(
    slack: Slack, workspace: Workspace, thread: ThreadRef, error: str, reason: str
) -> None:
    workspace.faults.plan("chat.postMessage", Fault(error=error))
    with pytest.raises(SendFailed, match=reason) as failed:
        await slack.post(thread, say("one"), {}, key="a")
    assert (failed.value.retry_after_s, failed.value.ambiguous) == (None, False)


async def test_slack_out_of_reach_is_not_ambiguous(workspace: Workspace, thread: ThreadRef) -> None:
    settings = workspace.settings.model_copy(update={"api_url": "http://127.0.0.1:9/api/"})
    async with Slack(settings, SystemClock()) as slack:
        with pytest.raises(SendFailed) as failed:
            await slack.post(thread, say("one"), {}, key="a")
        assert not failed.value.ambiguous


async def test_trouble_with_reactions_and_files_does_not_unsay_the_message(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    data = b"# Report"
    out = Outgoing(
        sections=(Section(text="Done"),),
        files=(_file("q3.md", data, "text/markdown"),),
        reactions=("👍", "👎"),
    )
    workspace.faults.plan("reactions.add", Fault(status=500))
    workspace.faults.plan("files.completeUploadExternal", Fault(status=500, after=True))
    ref = await slack.post(thread, out, {sha256(data): data}, key="k")
    assert list(_message(workspace, ref).reactions) == ["-1"]
    assert len(workspace.from_bot()) == 2


async def test_seen_is_shown_and_may_be_shown_twice(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ref = MessageRef(where=thread, message=thread.thread)
    await slack.react(ref, "👀")
    await slack.react(ref, "👀")
    assert _message(workspace, ref).reactions == {"eyes": [workspace.bot.id]}
    with pytest.raises(SendFailed, match="doesn't know"):
        await slack.react(ref, "🦩")


async def test_the_token_is_shown_to_slack_only(
    slack: Slack, workspace: Workspace, thread: ThreadRef
) -> None:
    ana = workspace.user("ana")
    posted = workspace.say(ana, "see", files={"a.csv": b"1"})
    handle = posted.files[0].id
    attachment = Attachment(name="a.csv", media_type="text/csv", size=1, handle=handle)
    workspace.faults.plan("download", Fault(status=500))
    with pytest.raises(SendFailed, match="didn't hand over") as failed:
        await slack.fetch(attachment)
    assert failed.value.retry_after_s is not None
    workspace.api.base = "http://localhost:1"
    with pytest.raises(SendFailed, match="outside Slack"):
        await slack.fetch(attachment)
    with pytest.raises(SendFailed, match="larger than 50 MB"):
        await slack.fetch(attachment.model_copy(update={"size": 60_000_000}))
