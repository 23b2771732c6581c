"""What people do on Discord, heard through the real discord.py."""

import pytest

from bot.chat import Button, Outgoing, Section, SendFailed, say
from memory.model.identity import MessageRef
from tests.fakes.discord.listening import PLAN, Bot, button, listening, posted, where
from tests.fakes.discord.server import Discord


async def test_a_mention_is_heard_without_the_mention_and_belongs_to_a_thread_on_it(bot: Bot):
    kim = bot.server.member("kim")
    message = bot.server.say("ana", "general", f"ask <@{kim}> to total sales.csv", mention=True)
    (heard,) = await bot.hears()
    assert heard.kind == "message"
    assert heard.text == "ask @kim to total sales.csv"
    assert [mention.user_id for mention in heard.mentions] == [kim]
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
    assert [event.text for event in bot.heard] == ["hear this"]


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


async def test_a_withdrawal_is_heard_only_on_our_messages_and_on_those_still_open(
    server: Discord,
):
    async with listening(server) as bot:
        closed = await posted(bot, say("Done"), key="k1")
        still_open = await posted(bot, say("Plan"), key="k2")
        chat = server.say("ana", "general", "chat")
    for message in (closed, still_open, chat):
        server.react("bo", message, "✅")
    async with listening(server) as bot:  # it knows no message from before
        bot.open.append(MessageRef(where=where(server), message=still_open["id"]))
        for message in (chat, closed, still_open):
            server.unreact("bo", message, "✅")
        server.react("kim", still_open, "❌")
        back, other = await bot.hears(2)
    assert (back.message, back.emoji, back.removed) == (still_open["id"], "✅", True)
    assert (other.emoji, other.removed) == ("❌", False)


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
        assert "Please type" in answer["data"]["content"]
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
