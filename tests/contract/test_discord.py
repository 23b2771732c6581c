"""The Discord adapter, with the real discord.py, against the fake Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr

from bot.chat import Button, Incoming, OutFile, Outgoing, Section, SendFailed, say
from bot.platforms.discord.adapter import Discord as Platform
from bot.platforms.discord.adapter import Timing
from bot.settings import DiscordSettings
from memory.model.base import sha256
from memory.model.clock import SystemClock
from memory.model.errors import Misconfigured
from memory.model.identity import MessageRef, ThreadRef
from tests.fakes.discord.server import TOKEN, Discord
from tests.fakes.discord.world import Payload

QUICK = Timing(
    login_s=5,
    online_s=5,
    send_s=15,
    guild_ready_s=0.05,
    identify_pause_s=0,
    first_backoff_s=0.05,
    longest_backoff_s=0.2,
)
PLAN = "a" * 64


@dataclass
class Bot:
    """A platform that listens, and what it heard."""

    server: Discord
    platform: Platform
    heard: list[Incoming] = field(default_factory=list)
    open: list[MessageRef] = field(default_factory=list)
    refuse: int = 0

    async def receive(self, incoming: Incoming) -> None:
        if self.refuse:
            self.refuse -= 1
            raise RuntimeError("the database is away")
        self.heard.append(incoming)
        self.server.world.changed()

    async def open_messages(self) -> tuple[MessageRef, ...]:
        return tuple(self.open)

    async def hears(self, count: int = 1) -> list[Incoming]:
        await self.server.wait_for(lambda: len(self.heard) >= count)
        return self.heard

    def of_kind(self, kind: str) -> list[Incoming]:
        return [one for one in self.heard if one.kind == kind]


def settings(server: Discord, token: str = TOKEN) -> DiscordSettings:
    return DiscordSettings(
        token=SecretStr(token), api_url=server.api_url, gateway_url=server.gateway_url
    )


@asynccontextmanager
async def listening(server: Discord, *, open_on: tuple[MessageRef, ...] = ()) -> AsyncIterator[Bot]:
    platform = Platform(settings(server, server.token), SystemClock(), timing=QUICK)
    bot = Bot(server, platform, open=list(open_on))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(platform.listen(bot.receive, bot.open_messages))
        await server.listening()
        yield bot
        task.cancel()


@pytest.fixture
async def server() -> AsyncIterator[Discord]:
    async with Discord() as server:
        yield server


@pytest.fixture
async def bot(server: Discord) -> AsyncIterator[Bot]:
    async with listening(server) as bot:
        yield bot


def where(server: Discord, thread: str = "") -> ThreadRef:
    general = server.rooms["general"]
    return ThreadRef(
        platform="discord", workspace=server.world.guild, channel=general, thread=thread
    )


async def posted(bot: Bot, out: Outgoing, *, key: str = "k1", **files: bytes) -> Payload:
    """Post in the channel; the payload of the message."""
    data = {sha256(content): content for content in files.values()}
    await bot.platform.post(where(bot.server), out, data, key=key)
    return bot.server.messages()[-1]


# what people do


async def test_a_mention_is_heard_without_the_mention_and_belongs_to_a_thread_on_it(bot: Bot):
    kim = bot.server.member("kim")
    message = bot.server.say("ana", "general", f"ask <@{kim}> to total sales.csv", mention=True)
    (heard,) = await bot.hears()
    assert heard.kind == "message"
    assert heard.text == "ask @kim to total sales.csv"
    assert [one.user_id for one in heard.mentions] == [kim]
    assert heard.author.user_id == bot.server.member("ana")
    assert heard.thread == where(bot.server, message["id"])
    assert heard.event_id == f"message:{message['id']}"
    assert heard.addressed


async def test_answering_a_mention_opens_the_thread_named_after_its_first_words(bot: Bot):
    message = bot.server.say("ana", "general", "total the revenue", mention=True)
    (heard,) = await bot.hears()
    await bot.platform.react(MessageRef(where=heard.thread, message=heard.message), "👀")
    ref = await bot.platform.post(heard.thread, say("Two things"), {}, key="k1")
    assert bot.server.world.channels[message["id"]]["name"] == "total the revenue"
    assert [m["id"] for m in bot.server.messages(message["id"])] == [ref.message]
    assert bot.server.reactions(message) == ["👀"]


async def test_a_thread_that_a_restart_kept_from_being_opened_is_opened_by_the_answer(
    server: Discord,
):
    message = server.say("ana", "general", "total the revenue", mention=True)
    async with listening(server) as bot:
        await bot.platform.post(where(server, message["id"]), say("Hello"), {}, key="k1")
        assert server.world.channels[message["id"]]["name"] == "total the revenue"


async def test_words_in_a_thread_of_the_bot_are_heard_but_not_as_addressed(bot: Bot):
    message = bot.server.say("ana", "general", "go", mention=True)
    await bot.hears()
    await bot.platform.post(where(bot.server, message["id"]), say("Hello"), {}, key="k1")
    bot.server.say("bo", message["id"], "developers, publish")
    heard = (await bot.hears(2))[1]
    assert (heard.text, heard.addressed) == ("developers, publish", False)
    assert heard.thread == where(bot.server, message["id"])


async def test_a_reply_to_the_bot_is_heard_where_the_bot_spoke(bot: Bot):
    alert = await posted(bot, say("Budget: 75 %"))
    bot.server.reply("ana", alert, "raise it")
    (heard,) = await bot.hears()
    assert (heard.text, heard.addressed, heard.thread) == ("raise it", True, where(bot.server))


async def test_a_direct_message_is_heard(bot: Bot):
    bot.server.direct("ana", "status")
    (heard,) = await bot.hears()
    assert (heard.text, heard.addressed, heard.thread.thread) == ("status", True, "")
    assert heard.thread.workspace == "@me"


async def test_the_bots_role_counts_as_its_mention(bot: Bot):
    bot.server.say("ana", "general", f"<@&{bot.server.world.role}> status")
    (heard,) = await bot.hears()
    assert (heard.text, heard.addressed) == ("status", True)


async def test_chatter_bots_webhooks_and_the_bot_itself_are_not_heard(bot: Bot):
    other = bot.server.world.user("other", bot=True)["id"]
    me = bot.server.bot_id
    bot.server.say("ana", "general", "nothing to do with you")
    bot.server.world.post(bot.server.room("general"), other, f"<@{me}> hi")
    bot.server.say("ana", "general", "hi", mention=True, webhook_id="77")
    bot.server.say("ana", "general", "joined", mention=True, type=7)
    await posted(bot, say(f"<@{me}> talks to itself"))
    bot.server.say("ana", "general", "hear this", mention=True)
    await bot.hears()
    assert [one.text for one in bot.heard] == ["hear this"]


async def test_reactions_on_the_bots_messages_are_heard_and_so_is_taking_them_back(bot: Bot):
    plan = await posted(bot, say("Plan"))
    chat = bot.server.say("ana", "general", "chat")
    bot.server.react("bo", chat, "✅")
    bot.server.react("bo", plan, "✏")
    bot.server.unreact("bo", plan, "✏")
    bot.server.react("bo", plan, "✏")
    first, back, again = await bot.hears(3)
    assert (first.kind, first.emoji, first.removed) == ("reaction", "✏️", False)
    assert first.message == plan["id"]
    assert first.thread == where(bot.server)
    assert (back.emoji, back.removed) == ("✏️", True)
    assert len({first.event_id, back.event_id, again.event_id}) == 3


async def test_a_button_is_heard_and_then_acknowledged(bot: Bot):
    out = Outgoing(sections=(Section(text="Plan", buttons=(button("Run"),)),))
    plan = await posted(bot, out)
    click = bot.server.click("bo", plan, "Run")
    await bot.server.wait_for(lambda: click["response"])
    (heard,) = bot.heard
    assert (heard.kind, heard.action, heard.message) == ("button", f"approve:{PLAN}", plan["id"])
    assert click["response"] == {"type": 6}


async def test_a_button_that_asks_opens_a_field_and_hands_over_what_was_typed(bot: Bot):
    asks = Button(action=f"change:{PLAN}", label="Change", asks="What should be different?")
    plan = await posted(bot, Outgoing(sections=(Section(text="Plan", buttons=(asks,)),)))
    click = bot.server.click("bo", plan, "Change")
    modal = (await bot.server.wait_for(lambda: click["response"]))["data"]
    assert "What should be" in modal["title"]
    sent = bot.server.submit("bo", click, "let Gemini draft")
    await bot.server.wait_for(lambda: sent["response"])
    (heard,) = bot.heard
    assert (heard.action, heard.text) == (f"change:{PLAN}", "let Gemini draft")
    assert heard.message == plan["id"]


async def test_a_button_outlives_a_restart(server: Discord):
    async with listening(server) as bot:
        plan = await posted(bot, Outgoing(sections=(Section(text="P", buttons=(button("Run"),)),)))
    async with listening(server) as bot:
        server.click("bo", plan, "Run")
        (heard,) = await bot.hears()
        assert heard.action == f"approve:{PLAN}"


async def test_an_action_too_long_for_discord_works_and_says_so_after_a_restart(server: Discord):
    long = Button(action="person:w1:" + "x" * 200, label="Long")
    async with listening(server) as bot:
        message = await posted(bot, Outgoing(sections=(Section(text="Q", buttons=(long,)),)))
        server.click("bo", message, "Long")
        assert (await bot.hears())[0].action == long.action
    async with listening(server) as bot:
        click = server.click("bo", message, "Long")
        answer = await server.wait_for(lambda: click["response"])
        assert "please type" in answer["data"]["content"]
        assert not bot.heard


async def test_the_slash_command_is_registered_heard_and_answered(bot: Bot):
    await bot.server.wait_for(lambda: bot.server.world.commands)
    typed = bot.server.slash("ana", "budget report")
    answer = await bot.server.wait_for(lambda: typed["response"])
    (heard,) = bot.heard
    assert (heard.kind, heard.text, heard.thread) == ("command", "budget report", where(bot.server))
    assert answer["data"]["flags"] == 64


async def test_attachments_are_fetched_even_when_their_first_address_has_expired(bot: Bot):
    bot.server.say("ana", "general", "total this", mention=True, attachments={"s.csv": b"a,b\n1,2"})
    (heard,) = await bot.hears()
    (file,) = heard.attachments
    bot.server.world.links += 1
    assert (file.name, file.media_type, file.size) == ("s.csv", "text/csv", 7)
    assert await bot.platform.fetch(file) == b"a,b\n1,2"


async def test_a_file_elsewhere_is_not_fetched(bot: Bot):
    message = bot.server.say("ana", "general", "go", mention=True, attachments={"s.csv": b"x"})
    (heard,) = await bot.hears()
    message["attachments"][0]["url"] = "http://169.254.169.254/latest/meta-data?"
    with pytest.raises(SendFailed, match="own servers"):
        await bot.platform.fetch(heard.attachments[0])


# what the bot writes


def button(label: str, action: str = f"approve:{PLAN}") -> Button:
    return Button(action=action, label=label)


def picture(data: bytes, name: str = "plan.png", kind: str = "image/png") -> OutFile:
    return OutFile(name=name, digest=sha256(data), media_type=kind, title="The plan")


async def test_a_plan_has_its_picture_buttons_and_reactions(bot: Bot):
    out = Outgoing(
        sections=(Section(text="**Plan**", buttons=(button("Run"), button("Drop", "drop:1"))),),
        files=(picture(b"png"),),
        reactions=("✅", "✏️", "🧪", "❌"),
    )
    plan = await posted(bot, out, picture=b"png")
    assert plan["content"].startswith("**Plan**")
    assert [file["filename"] for file in plan["attachments"]] == ["plan.png"]
    assert [b["label"] for b in plan["components"][0]["components"]] == ["Run", "Drop"]
    assert bot.server.reactions(plan) == ["✅", "✏️", "🧪", "❌"]


async def test_each_section_has_its_buttons_in_a_row_and_only_25_are_shown(bot: Bot):
    sections = tuple(
        Section(text=f"{n}?", buttons=tuple(button(f"{n}{i}", f"a:{n}:{i}") for i in range(3)))
        for n in range(3)
    )
    questions = await posted(bot, Outgoing(sections=sections))
    assert [len(row["components"]) for row in questions["components"]] == [3, 3, 3]
    many = tuple(button(str(i), f"b:{i}") for i in range(40))
    crowd = await posted(bot, Outgoing(sections=(Section(text="?", buttons=many),)), key="k2")
    assert [len(row["components"]) for row in crowd["components"]] == [5, 5, 5, 5, 5]


async def test_only_people_that_are_written_are_pinged(bot: Bot):
    kim = bot.server.member("kim")
    sent = await posted(bot, say(f"<@{kim}> please check; @everyone may look"))
    assert sent["allowed_mentions"] == {"parse": [], "users": [int(kim)]}


async def test_long_text_is_split_outside_fences_and_ends_in_the_message_with_the_buttons(bot: Bot):
    fence = "```sql\n" + "SELECT 1;\n" * 150 + "```"
    text = "word " * 300 + "\n" + fence + "\n" + "end " * 300
    last = await posted(bot, Outgoing(sections=(Section(text=text, buttons=(button("Run"),)),)))
    parts = bot.server.messages()
    assert len(parts) == 3
    assert fence in parts[1]["content"]
    assert [bool(part["components"]) for part in parts] == [False, False, True]
    assert last["id"] == parts[-1]["id"]


async def test_an_edit_keeps_the_picture_that_did_not_change_and_drops_the_buttons(bot: Bot):
    out = Outgoing(sections=(Section(text="Plan", buttons=(button("Run"),)),))
    out = out.model_copy(update={"files": (picture(b"png"),)})
    plan = await posted(bot, out, picture=b"png")
    kept = plan["attachments"][0]["id"]
    ref = MessageRef(where=where(bot.server), message=plan["id"])
    progress = say("3/4", files=(picture(b"png"), picture(b"new", "chart.png")))
    data = {sha256(b"png"): b"png", sha256(b"new"): b"new"}
    again = await bot.platform.post(ref.where, progress, data, key="k2", edits=ref)
    (shown,) = bot.server.messages()
    assert again == ref
    assert shown["content"].startswith("3/4")
    assert not shown["components"]
    first, _second = shown["attachments"]
    assert first["id"] == kept


async def test_an_edit_after_a_restart_replaces_all_parts_and_files(server: Discord):
    async with listening(server) as bot:
        out = say("word " * 900, files=(picture(b"png"),))
        last = await posted(bot, out, picture=b"png")
        assert len(server.messages()) == 3
    async with listening(server) as bot:
        ref = MessageRef(where=where(server), message=last["id"])
        await bot.platform.post(ref.where, say("Done"), {}, key="k2", edits=ref)
        (shown,) = server.messages()
        assert shown["content"].startswith("Done")
        assert not shown["attachments"]
        await bot.platform.post(ref.where, say("line\n" * 900), {}, key="k3", edits=ref)
        (shown,) = server.messages()
        assert [file["filename"] for file in shown["attachments"]] == ["message.md"]


async def test_a_message_that_was_deleted_is_sent_anew(bot: Bot):
    gone = MessageRef(where=where(bot.server), message="99")
    ref = await bot.platform.post(gone.where, say("Done"), {}, key="k1", edits=gone)
    assert [m["id"] for m in bot.server.messages()] == [ref.message]


async def test_a_message_in_an_archived_thread_is_edited(bot: Bot):
    message = bot.server.say("ana", "general", "go", mention=True)
    (heard,) = await bot.hears()
    ref = await bot.platform.post(heard.thread, say("Plan"), {}, key="k1")
    bot.server.world.channels[message["id"]]["thread_metadata"]["archived"] = True
    await bot.platform.post(heard.thread, say("Done"), {}, key="k2", edits=ref)
    assert bot.server.messages(message["id"])[0]["content"].startswith("Done")


async def test_a_file_that_is_too_large_is_named_instead(bot: Bot):
    big = b"0" * (10 * 1024 * 1024 + 1)
    out = say("Report", files=(picture(big, "big.pdf", "application/pdf"), picture(b"png")))
    sent = await posted(bot, out, big=big, small=b"png")
    assert "`big.pdf` is too large" in sent["content"]
    assert [file["filename"] for file in sent["attachments"]] == ["plan.png"]


# what goes wrong


async def test_a_rate_limit_is_waited_for(bot: Bot):
    bot.server.faults.add("POST .*/messages$", 429, times=2)
    await posted(bot, say("Hello"))
    assert len(bot.server.messages()) == 1


@pytest.mark.parametrize("when", ["before", "after", "cut_before", "cut_after"])
async def test_a_send_of_unknown_end_is_ambiguous_and_can_be_found(server: Discord, when: Any):
    async with listening(server) as bot:
        server.faults.add("POST .*/messages$", 503, when=when)
        with pytest.raises(SendFailed) as failed:
            await bot.platform.post(where(server), say("Hello"), {}, key="k1")
        assert failed.value.ambiguous
        assert failed.value.retry_after_s is not None
    async with listening(server) as bot:
        found = await bot.platform.find(where(server), "k1")
        assert (found is not None) == when.endswith("after")
        if found is None:
            found = await bot.platform.post(where(server), say("Hello"), {}, key="k1")
        assert [m["id"] for m in server.messages()] == [found.message]
        assert await bot.platform.find(where(server), "other") is None


async def test_discord_refuses_a_repeat_with_the_same_key(bot: Bot):
    first = await bot.platform.post(where(bot.server), say("Hello"), {}, key="k1")
    again = await bot.platform.post(where(bot.server), say("Hello"), {}, key="k1")
    assert first == again
    assert len(bot.server.messages()) == 1


async def test_a_long_message_cut_off_in_the_middle_is_completed_not_repeated(bot: Bot):
    text = "word " * 900
    fault = bot.server.faults.add("POST .*/messages$", 503, times=0)
    sent = 0

    def third() -> bool:
        nonlocal sent
        sent += 1
        return sent == 2

    bot.server.faults.due = lambda method, path: (  # type: ignore[method-assign]
        fault if method == "POST" and path.endswith("/messages") and third() else None
    )
    with pytest.raises(SendFailed):
        await bot.platform.post(where(bot.server), say(text), {}, key="k1")
    bot.server.world.nonces.clear()  # minutes pass
    assert await bot.platform.find(where(bot.server), "k1") is None
    await bot.platform.post(where(bot.server), say(text), {}, key="k1")
    assert len(bot.server.messages()) == 3


async def test_what_discord_refuses_is_not_to_be_retried_and_says_why(bot: Bot):
    bot.server.rest.may_open_threads = False
    bot.server.say("ana", "general", "go", mention=True)
    (heard,) = await bot.hears()
    with pytest.raises(SendFailed, match="lacks a permission") as failed:
        await bot.platform.post(heard.thread, say("Hello"), {}, key="k1")
    assert failed.value.retry_after_s is None
    assert not failed.value.ambiguous


async def test_an_event_is_tried_until_it_is_stored_and_the_order_is_kept(bot: Bot):
    bot.refuse = 3
    for number in range(5):
        bot.server.say("ana", "general", f"{number}", mention=True)
    await bot.hears(5)
    assert [one.text for one in bot.heard] == ["0", "1", "2", "3", "4"]


async def test_a_malformed_event_costs_only_itself(bot: Bot):
    bot.server.gateway.emit("MESSAGE_REACTION_ADD", {"nonsense": True})
    bot.server.say("ana", "general", "still there?", mention=True)
    await bot.hears()
    assert bot.server.gateway.identified == 1


async def test_a_frame_that_is_not_json_costs_only_a_connection(bot: Bot):
    bot.server.gateway.raw_text("{oops")
    await bot.server.wait_for(lambda: bot.server.gateway.identified == 2)
    bot.server.say("ana", "general", "still there?", mention=True)
    await bot.hears()


async def test_a_duplicate_event_has_the_same_id(bot: Bot):
    plan = await posted(bot, say("Plan"))
    bot.server.react("bo", plan, "✅")
    bot.server.gateway.again()
    bot.server.say("ana", "general", "hello", mention=True)
    bot.server.gateway.again()
    await bot.hears(4)
    assert len({one.event_id for one in bot.heard}) == 2


async def test_events_during_a_cut_are_heard_once_after_the_resume(bot: Bot):
    bot.server.say("ana", "general", "one", mention=True)
    await bot.hears()
    bot.server.gateway.cut()
    bot.server.say("ana", "general", "two", mention=True)
    await bot.hears(2)
    assert bot.server.gateway.resumed == 1
    assert [one.text for one in bot.heard] == ["one", "two"]


@pytest.mark.parametrize("how", ["ask_reconnect", "invalidate"])
async def test_discord_may_ask_for_a_new_connection(bot: Bot, how: str):
    getattr(bot.server.gateway, how)()
    gateway = bot.server.gateway
    await bot.server.wait_for(lambda: gateway.resumed or gateway.identified == 2)
    bot.server.say("ana", "general", "still there?", mention=True)
    await bot.hears()


async def test_a_gateway_that_is_down_at_the_start_is_waited_for(server: Discord):
    server.gateway.open = False
    here = DiscordSettings(token=SecretStr(TOKEN), api_url=server.api_url)
    platform = Platform(here, SystemClock(), timing=QUICK)
    bot = Bot(server, platform)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(platform.listen(bot.receive, bot.open_messages))
        await server.wait_for(lambda: server.rest.calls.count("GET /users/@me") >= 2)
        server.gateway.open = True
        await server.listening()
        task.cancel()


async def heard_refusal(server: Discord, token: str = TOKEN) -> str:
    platform = Platform(settings(server, token), SystemClock(), timing=QUICK)
    bot = Bot(server, platform)
    with pytest.raises(Misconfigured) as refused:
        await platform.listen(bot.receive, bot.open_messages)
    return refused.value.user_text


@pytest.mark.parametrize("token", ["wrong", "", "  "])
async def test_a_wrong_token_is_said_in_one_sentence(server: Discord, token: str):
    assert "DISCORD_TOKEN" in await heard_refusal(server, token)


async def test_a_token_the_gateway_refuses_is_said_in_one_sentence(server: Discord):
    server.gateway.token = "reset"
    assert "DISCORD_TOKEN" in await heard_refusal(server)


async def test_missing_intents_name_the_switch(server: Discord):
    server.gateway.allowed_intents = ~(1 << 15)
    assert "Message Content Intent" in await heard_refusal(server)


async def test_nothing_can_be_sent_while_nobody_listens(server: Discord):
    platform = Platform(settings(server), SystemClock(), timing=Timing(online_s=0.01))
    with pytest.raises(SendFailed) as failed:
        await platform.post(where(server), say("Hello"), {}, key="k1")
    assert failed.value.retry_after_s is not None
    assert not failed.value.ambiguous


# what happened while nobody listened


async def test_reactions_and_words_given_in_between_are_heard_after_a_restart(server: Discord):
    async with listening(server) as bot:
        start = server.say("ana", "general", "go", mention=True)
        (heard,) = await bot.hears()
        ref = await bot.platform.post(heard.thread, say("Plan"), {}, key="k1")
        plan = server.messages(start["id"])[-1]
        server.react("kim", plan, "✅")
        before = (await bot.hears(2))[1]
    server.react("bo", plan, "✅")
    server.say("bo", start["id"], "run it tonight")
    async with listening(server, open_on=(ref,)) as bot:
        await bot.hears(3)
        reactions = bot.of_kind("reaction")
        assert {one.author.user_id for one in reactions} == {
            server.member("bo"),
            server.member("kim"),
        }
        assert before.event_id in {one.event_id for one in reactions}
        assert [one.text for one in bot.of_kind("message")] == ["run it tonight"]
        assert {one.thread for one in bot.heard} == {heard.thread}


async def test_a_reaction_taken_back_unseen_is_noticed_when_the_connection_is_new(bot: Bot):
    plan = await posted(bot, say("Plan"))
    bot.open.append(MessageRef(where=where(bot.server), message=plan["id"]))
    bot.server.react("bo", plan, "✅")
    await bot.hears()
    bot.server.gateway.cut(forget=True)
    bot.server.unreact("bo", plan, "✅")
    heard = (await bot.hears(2))[1]
    assert (heard.emoji, heard.removed) == ("✅", True)


async def test_a_resume_does_not_double_reactions(bot: Bot):
    plan = await posted(bot, say("Plan"))
    bot.open.append(MessageRef(where=where(bot.server), message=plan["id"]))
    bot.server.react("bo", plan, "✅")
    await bot.hears()
    bot.server.gateway.cut()
    await bot.hears(2)
    assert len({one.event_id for one in bot.heard}) == 1
