"""Slack's adapter, with the real SDK, against a workspace on loopback: what it hears."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.chat import Button, Incoming, Outgoing, Section, SendFailed, say
from bot.platforms.slack.adapter import Slack
from memory.model.errors import Misconfigured
from memory.model.identity import ThreadRef
from memory.model.timing.clock import SystemClock
from tests.fakes.slack.ear import Ear, listening
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.workspace import PATIENCE_S, TEAM, Workspace, open_workspace


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with open_workspace(redeliver_after_s=0.25) as one:
        yield one


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def slack(workspace: Workspace, ear: Ear) -> AsyncIterator[Slack]:
    async with Slack(workspace.settings, SystemClock(), ping_interval_s=0.1) as one:
        async with listening(workspace, ear, one):
            yield one


async def _one(workspace: Workspace, ear: Ear, count: int = 1) -> Incoming:
    await workspace.wait_for(lambda: len(ear.heard) >= count)
    await workspace.settled()
    assert len(ear.heard) == count
    return ear.events[-1]


def _thread(workspace: Workspace, thread: str) -> ThreadRef:
    return ThreadRef(platform="slack", workspace=TEAM, channel=workspace.general.id, thread=thread)


async def test_a_mention_is_heard_once_in_a_thread_of_its_own(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    ana, kim = workspace.user("ana"), workspace.user("kim")
    posted = workspace.say(ana, f"ask <@{kim.id}> about a &lt; b in <http://report.md|report.md>")

    heard = await _one(workspace, ear)

    assert heard.kind == "message"
    assert heard.text == "ask @kim about a < b in report.md"
    assert [mention.user_id for mention in heard.mentions] == [kim.id]
    assert heard.author.display == "ana"
    assert heard.addressed
    assert heard.thread == _thread(workspace, posted.ts)
    assert heard.message == posted.ts
    assert ear.told == 2  # app_mention and message, one id


async def test_talk_that_is_not_for_the_bot_is_not_heard(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    ana = workspace.user("ana")
    root = workspace.say(ana, "lunch?", mention=False)
    workspace.say(ana, "yes", mention=False, thread_ts=root.ts)
    await workspace.settled()
    assert ear.told == 0
    assert workspace.sockets.undelivered == []


async def test_replies_in_the_bots_thread_are_heard_even_after_a_restart(
    workspace: Workspace, ear: Ear
) -> None:
    ana = workspace.user("ana")
    async with Slack(workspace.settings, SystemClock()) as first:
        async with listening(workspace, ear, first):
            root = workspace.say(ana, "write the report")
            await _one(workspace, ear)
    async with Slack(workspace.settings, SystemClock()) as second:
        async with listening(workspace, ear, second):
            workspace.say(ana, "Q3", mention=False, thread_ts=root.ts)
            heard = await _one(workspace, ear, 2)
    assert (heard.text, heard.addressed) == ("Q3", False)
    assert heard.thread == _thread(workspace, root.ts)


async def test_a_direct_message_needs_no_mention_and_stays_where_it_is(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    direct = workspace.channel("ana", kind="im")
    workspace.say(workspace.user("ana"), "status", channel=direct, mention=False)
    heard = await _one(workspace, ear)
    assert heard.addressed
    assert (heard.thread.channel, heard.thread.thread) == (direct.id, "")


async def test_bots_are_not_heard(slack: Slack, workspace: Workspace, ear: Ear) -> None:
    other = workspace.user("other")
    other.bot_id = "B2"
    event = {"type": "message", "user": other.id, "bot_id": "B2", "text": f"<@{workspace.bot.id}>"}
    workspace.tell({**event, "channel": workspace.general.id, "ts": "1.1"})
    await workspace.settled()
    assert not ear.heard


async def test_an_edit_is_heard_once_with_its_own_time_and_an_unfurled_link_is_none(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    posted = workspace.say(workspace.user("ana"), "read http://x")
    first = await _one(workspace, ear)
    workspace.unfurl(posted)
    told = workspace.edit(posted, f"<@{workspace.bot.id}> read http://y")
    workspace.tell(told)
    workspace.unfurl(posted)
    edit = await _one(workspace, ear, 2)
    assert (edit.kind, edit.text, edit.form_of) == ("edited", "read http://y", first.event_id)
    assert edit.author.same(first.author)
    assert (edit.thread, edit.message, edit.addressed) == (first.thread, first.message, True)
    assert f"{edit.at.timestamp():.6f}" == posted.edited


@pytest.mark.parametrize("answered", [False, True])
async def test_a_deletion_is_heard_also_where_a_tombstone_stays(
    slack: Slack, workspace: Workspace, ear: Ear, answered: bool
) -> None:
    posted = workspace.say(workspace.user("ana"), "write it")
    first = await _one(workspace, ear)
    if answered:
        await slack.post(first.thread, say("plan"), {}, key="k")
    workspace.delete(posted)
    gone = await _one(workspace, ear, 2)
    assert (gone.kind, gone.form_of, gone.message) == ("deleted", first.event_id, posted.ts)
    assert gone.author.same(first.author)


async def test_a_message_of_ours_that_was_deleted_is_heard_of(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    where = _thread(workspace, "")
    ref = await slack.post(where, say("plan"), {}, key="k")
    workspace.delete(workspace.from_bot()[0])
    gone = await _one(workspace, ear)
    assert (gone.kind, gone.message, gone.thread) == ("deleted", ref.message, where)


async def test_a_posted_file_can_be_fetched(slack: Slack, workspace: Workspace, ear: Ear) -> None:
    workspace.say(workspace.user("ana"), "total this", files={"sales.csv": b"region,revenue\n"})
    heard = await _one(workspace, ear)
    (file,) = heard.attachments
    assert (file.name, file.media_type, file.size) == ("sales.csv", "text/csv", 15)
    assert await slack.fetch(file) == b"region,revenue\n"


async def test_reactions_on_our_messages_are_heard_with_their_thread(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    ana, bo = workspace.user("ana"), workspace.user("bo")
    root = workspace.say(ana, "write it")
    await _one(workspace, ear)
    ref = await slack.post(_thread(workspace, root.ts), say("Plan"), {}, key="k1")
    plan = workspace.state.messages[(workspace.general.id, ref.message)]

    workspace.react(bo, root, "white_check_mark")  # not ours
    workspace.react(bo, plan, "white_check_mark")
    heard = await _one(workspace, ear, 2)
    assert (heard.kind, heard.emoji, heard.removed) == ("reaction", "✅", False)
    assert (heard.thread.thread, heard.message) == (root.ts, ref.message)
    assert heard.author.user_id == bo.id

    workspace.unreact(bo, plan, "white_check_mark")
    assert (await _one(workspace, ear, 3)).removed
    workspace.react(bo, plan, "white_check_mark")
    again = await _one(workspace, ear, 4)
    assert not again.removed


async def test_a_skin_tone_does_not_hide_a_thumb(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    ref = await slack.post(_thread(workspace, ""), say("Done"), {}, key="k1")
    done = workspace.state.messages[(workspace.general.id, ref.message)]
    workspace.react(workspace.user("ana"), done, "+1::skin-tone-5")
    heard = await _one(workspace, ear)
    assert (heard.emoji, heard.thread.thread) == ("👍", "")


async def test_a_click_is_heard_and_one_that_asks_opens_a_field(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    ana = workspace.user("ana")
    root = workspace.say(ana, "write it")
    await _one(workspace, ear)
    buttons = (
        Button(action="answer:q1:0", label="draft", style="primary"),
        Button(action="answer:q1:other", label="other…", asks="Who reads it?"),
    )
    out = Outgoing(sections=(Section(text="1. Who?", buttons=buttons),))
    ref = await slack.post(_thread(workspace, root.ts), out, {}, key="k")
    question = workspace.state.messages[(workspace.general.id, ref.message)]

    assert await workspace.click(ana, question, "draft") is None
    clicked = await _one(workspace, ear, 2)
    assert (clicked.kind, clicked.action, clicked.message) == ("button", "answer:q1:0", ref.message)
    assert clicked.thread.thread == root.ts

    view = await workspace.click(ana, question, "other…")
    assert view is not None
    assert view.content["blocks"][0]["label"]["text"] == "Who reads it?"
    assert len(ear.heard) == 2
    await workspace.submit(view, "our developers & ops")
    typed = await _one(workspace, ear, 3)
    assert (typed.action, typed.text) == ("answer:q1:other", "our developers & ops")
    assert (typed.message, typed.thread.thread) == (ref.message, root.ts)


async def test_a_slash_command_is_heard_in_its_channel(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    kim = workspace.user("kim")
    await workspace.slash(workspace.user("ana"), f"ask <@{kim.id}|kim>")
    heard = await _one(workspace, ear)
    assert (heard.kind, heard.text, heard.thread.thread) == ("command", "ask @kim", "")
    assert [mention.user_id for mention in heard.mentions] == [kim.id]


async def test_an_event_is_acknowledged_only_once_it_is_safe(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    ear.failures = 3
    workspace.say(workspace.user("ana"), "keep this")
    await workspace.wait_for(lambda: ear.heard)
    await workspace.settled()
    assert [event.text for event in ear.events] == ["keep this"]
    assert workspace.sockets.undelivered == []
    assert ear.told >= 4


async def test_a_click_that_was_not_stored_is_not_acknowledged(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    button = Button(action="approve:h", label="run")
    out = Outgoing(sections=(Section(text="Plan", buttons=(button,)),))
    ref = await slack.post(_thread(workspace, ""), out, {}, key="k")
    plan = workspace.state.messages[(workspace.general.id, ref.message)]
    ear.failures = 1
    workspace.ack_within_s = 1.0
    with pytest.raises(TimeoutError):
        await workspace.click(workspace.user("ana"), plan, "run")
    workspace.ack_within_s = PATIENCE_S
    await workspace.click(workspace.user("ana"), plan, "run")
    assert (await _one(workspace, ear)).action == "approve:h"


async def test_duplicates_bear_the_same_id(slack: Slack, workspace: Workspace, ear: Ear) -> None:
    workspace.sockets.copies = 3
    ref = await slack.post(_thread(workspace, ""), say("Plan"), {}, key="k")
    plan = workspace.state.messages[(workspace.general.id, ref.message)]
    workspace.react(workspace.user("bo"), plan, "x")
    await workspace.wait_for(lambda: ear.told == 3)
    await _one(workspace, ear)


async def test_a_withdrawal_that_overtakes_its_reaction_wins(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    bo = workspace.user("bo")
    ref = await slack.post(_thread(workspace, ""), say("Plan"), {}, key="k")
    plan = workspace.state.messages[(workspace.general.id, ref.message)]
    workspace.sockets.hold()
    workspace.react(bo, plan, "white_check_mark")
    workspace.unreact(bo, plan, "white_check_mark")
    added, removed = workspace.sockets._held or []
    workspace.sockets._held = None
    workspace.sockets.send(removed)
    await _one(workspace, ear)
    workspace.sockets.send(added)
    await workspace.settled()
    assert [event.removed for event in ear.events] == [True]


async def test_malformed_envelopes_harm_nobody(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    for text in (
        "{",
        "[]",
        '{"type": "events_api", "envelope_id": "e1", "payload": {}}',
        '{"type": "events_api", "envelope_id": "e2", "payload": {"type": "event_callback", "event": {"type": "message"}}}',
        '{"type": "interactive", "envelope_id": "e3", "payload": {"type": "block_actions", "actions": []}}',
    ):
        await workspace.sockets.send_raw(text)
    workspace.say(workspace.user("ana"), "still there?")
    assert (await _one(workspace, ear)).text == "still there?"


async def test_a_cut_connection_is_opened_again_and_events_come_after_all(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    workspace.sockets.cut()
    workspace.say(workspace.user("ana"), "said meanwhile")
    assert (await _one(workspace, ear)).text == "said meanwhile"
    assert workspace.sockets.opened == 2


async def test_a_refreshed_connection_loses_nothing(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    await workspace.sockets.refresh()
    await workspace.wait_for(lambda: workspace.sockets.opened == 2)
    workspace.say(workspace.user("ana"), "hello again")
    assert (await _one(workspace, ear)).text == "hello again"


async def test_a_silent_connection_is_noticed(slack: Slack, workspace: Workspace, ear: Ear) -> None:
    workspace.sockets.silent = True
    await workspace.wait_for(lambda: workspace.sockets.opened >= 2)
    workspace.sockets.silent = False
    workspace.say(workspace.user("ana"), "anyone?")
    assert (await _one(workspace, ear)).text == "anyone?"


async def test_an_address_that_expired_is_asked_for_anew(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    workspace.refusals = 1
    workspace.sockets.cut()
    await workspace.wait_for(lambda: workspace.sockets.opened == 2)
    workspace.say(workspace.user("ana"), "hello again")
    assert (await _one(workspace, ear)).text == "hello again"


async def test_reactions_given_while_nobody_listened_are_heard_once(
    workspace: Workspace, ear: Ear
) -> None:
    bo, kim = workspace.user("bo"), workspace.user("kim")
    async with Slack(workspace.settings, SystemClock(), ping_interval_s=0.1) as first:
        async with listening(workspace, ear, first):
            out = Outgoing(sections=(Section(text="Plan"),), reactions=("✅", "❌"))
            ref = await first.post(_thread(workspace, ""), out, {}, key="k")
            plan = workspace.state.messages[(workspace.general.id, ref.message)]
            workspace.react(kim, plan, "x")
            await _one(workspace, ear)
    workspace.react(bo, plan, "white_check_mark", told=False)
    ear.open = (ref,)
    async with Slack(workspace.settings, SystemClock(), ping_interval_s=0.1) as second:
        async with listening(workspace, ear, second):
            heard = await _one(workspace, ear, 2)
            assert (heard.emoji, heard.author.user_id) == ("✅", bo.id)
            workspace.unreact(bo, plan, "white_check_mark")
            await _one(workspace, ear, 3)
            workspace.react(bo, plan, "white_check_mark")
            await _one(workspace, ear, 4)
            workspace.unreact(bo, plan, "white_check_mark", told=False)
            workspace.react(kim, plan, "white_check_mark", told=False)
            workspace.sockets.cut()
            await workspace.wait_for(lambda: len(ear.heard) == 6)
    assert {(event.author.user_id, event.removed) for event in ear.events[-2:]} == {
        (bo.id, True),
        (kim.id, False),
    }


async def test_what_slack_lost_is_heard_when_the_open_messages_are_read_again(
    workspace: Workspace, ear: Ear
) -> None:
    bo = workspace.user("bo")
    async with Slack(
        workspace.settings, SystemClock(), ping_interval_s=0.1, read_again_s=0.1
    ) as slack:
        async with listening(workspace, ear, slack):
            ref = await slack.post(_thread(workspace, ""), say("Plan"), {}, key="k")
            ear.open = (ref,)
            plan = workspace.state.messages[(workspace.general.id, ref.message)]
            workspace.faults.plan("reactions.get", Fault(status=429))
            workspace.react(bo, plan, "white_check_mark", told=False)
            heard = await _one(workspace, ear)
            assert (heard.kind, heard.emoji, heard.author.user_id) == ("reaction", "✅", bo.id)
            workspace.delete(plan, told=False)
            gone = await _one(workspace, ear, 2)
            assert (gone.kind, gone.message, gone.thread) == ("deleted", ref.message, ref.where)


async def test_a_message_that_is_found_brings_the_reactions_it_got_meanwhile(
    workspace: Workspace, ear: Ear
) -> None:
    bo, where = workspace.user("bo"), _thread(workspace, "")
    async with Slack(workspace.settings, SystemClock()) as first:
        await first.post(where, say("Plan"), {}, key="k")
    workspace.react(bo, workspace.from_bot()[0], "white_check_mark", told=False)
    async with Slack(workspace.settings, SystemClock(), ping_interval_s=0.1) as second:
        async with listening(workspace, ear, second):
            found = await second.find(where, "k")
            assert found is not None
            heard = await _one(workspace, ear)
    assert (heard.message, heard.emoji, heard.thread) == (found.message, "✅", where)


async def test_unknown_names_are_left_out_rather_than_waited_for(
    slack: Slack, workspace: Workspace, ear: Ear
) -> None:
    workspace.faults.plan("users.info", Fault(status=503))
    workspace.say(workspace.user("ana"), "hi")
    heard = await _one(workspace, ear)
    assert heard.text == "hi"
    assert heard.author.user_id == workspace.user("ana").id


@pytest.mark.parametrize(
    ("bot", "app", "sentence"),
    [
        ("xoxb-wrong", "xapp-right", "Slack refuses the bot token"),
        ("xoxb-right", "xapp-wrong", "Slack refuses the app token"),
        ("xoxb-right", "xoxb-right", "Slack refuses the app token"),
        ("xapp-right", "xoxb-right", "swapped"),
    ],
)
async def test_a_wrong_token_is_told_in_one_sentence(
    workspace: Workspace, ear: Ear, bot: str, app: str, sentence: str
) -> None:
    settings = workspace.settings.model_copy(
        update={"bot_token": SecretStr(bot), "app_token": SecretStr(app)}
    )
    async with Slack(settings, SystemClock()) as slack:
        with pytest.raises(Misconfigured) as told:
            await slack.listen(ear.receive, ear.open_messages)
    assert sentence in told.value.user_text
    assert told.value.user_text.endswith(".")


async def test_a_missing_scope_is_named(workspace: Workspace, ear: Ear) -> None:
    workspace.scopes = workspace.scopes.replace("reactions:read,", "")
    async with Slack(workspace.settings, SystemClock()) as slack:
        with pytest.raises(Misconfigured, match="lacks the scopes reactions:read"):
            await slack.listen(ear.receive, ear.open_messages)


async def test_trouble_at_the_start_is_waited_out(workspace: Workspace, ear: Ear) -> None:
    workspace.faults.plan("auth.test", Fault(status=503))
    async with Slack(workspace.settings, SystemClock(), ping_interval_s=0.1) as slack:
        async with listening(workspace, ear, slack):
            workspace.say(workspace.user("ana"), "hi")
            assert (await _one(workspace, ear)).text == "hi"


async def test_all_is_closed_when_listening_ends(workspace: Workspace, ear: Ear) -> None:
    slack = Slack(workspace.settings, SystemClock(), ping_interval_s=0.1)
    await slack.post(_thread(workspace, ""), say("before"), {}, key="k1")
    async with listening(workspace, ear, slack):
        await slack.post(_thread(workspace, ""), say("during"), {}, key="k2")
    await workspace.wait_for(lambda: not workspace.sockets.connected)
    with pytest.raises(SendFailed, match="closed"):
        await slack.post(_thread(workspace, ""), say("after"), {}, key="k3")
