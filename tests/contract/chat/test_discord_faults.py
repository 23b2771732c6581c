"""What goes wrong on Discord, and what happened while nobody listened."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.chat import SendFailed, say
from bot.config.settings import DiscordSettings
from bot.platforms.discord.adapter import Discord as Platform
from bot.platforms.discord.adapter import Timing
from memory.model.errors import Misconfigured
from memory.model.identity import MessageRef
from memory.model.timing.clock import SystemClock
from tests.fakes.discord.listening import (
    QUICK,
    Bot,
    listening,
    posted,
    settings,
    where,
)
from tests.fakes.discord.server import TOKEN, Discord


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
    with pytest.raises(SendFailed, match="lack a permission") as failed:
        await bot.platform.post(heard.thread, say("Hello"), {}, key="k1")
    assert failed.value.retry_after_s is None
    assert not failed.value.ambiguous


async def test_an_event_is_tried_until_it_is_stored_and_the_order_is_kept(bot: Bot):
    bot.refuse = 3
    for number in range(5):
        bot.server.say("ana", "general", f"{number}", mention=True)
    await bot.hears(5)
    assert [event.text for event in bot.heard] == ["0", "1", "2", "3", "4"]


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
    assert len({event.event_id for event in bot.heard}) == 2


async def test_events_during_a_cut_are_heard_once_after_the_resume(bot: Bot):
    bot.server.say("ana", "general", "one", mention=True)
    await bot.hears()
    bot.server.gateway.cut()
    bot.server.say("ana", "general", "two", mention=True)
    await bot.hears(2)
    assert bot.server.gateway.resumed == 1
    assert [event.text for event in bot.heard] == ["one", "two"]


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
        assert {reaction.author.user_id for reaction in reactions} == {
            server.member("bo"),
            server.member("kim"),
        }
        assert before.event_id in {one.event_id for one in reactions}
        assert [one.text for one in bot.of_kind("message")] == ["run it tonight"]
        assert {event.thread for event in bot.heard} == {heard.thread}


async def test_what_discord_lost_is_heard_when_the_open_messages_are_read_again(server: Discord):
    async with listening(server, timing=replace(QUICK, read_again_s=0.1)) as bot:
        plan = await posted(bot, say("Plan"))
        bot.open.append(MessageRef(where=where(server), message=plan["id"]))
        server.react("bo", plan, "✅", told=False)
        (heard, *_) = await bot.hears()
        assert (heard.kind, heard.emoji) == ("reaction", "✅")
        server.delete(plan, told=False)
        await server.wait_for(lambda: bot.of_kind("deleted"))
        assert {event.event_id for event in bot.of_kind("reaction")} == {heard.event_id}
        gone = bot.of_kind("deleted")[0]
        assert (gone.message, gone.thread) == (plan["id"], where(server))


async def test_a_message_that_is_found_brings_the_reactions_it_got_meanwhile(server: Discord):
    async with listening(server) as bot:
        plan = await posted(bot, say("Plan"))
    server.react("bo", plan, "✅")
    async with listening(server) as bot:
        found = await bot.platform.find(where(server), "k1")
        (heard,) = await bot.hears()
        assert found is not None
        assert (heard.message, heard.emoji) == (found.message, "✅")


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
    assert len({event.event_id for event in bot.heard}) == 1
