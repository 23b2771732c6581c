"""What the bot writes on Discord, with the real discord.py."""

from bot.chat import Outgoing, Section, say
from memory.model.base import sha256
from memory.model.identity import MessageRef
from tests.fakes.discord.listening import Bot, button, listening, picture, posted, where
from tests.fakes.discord.server import Discord


async def test_a_message_has_its_picture_its_buttons_and_the_tick(bot: Bot):
    out = Outgoing(
        sections=(Section(text="**Plan**", buttons=(button("Run"), button("Drop", "drop:1"))),),
        files=(picture(b"png"),),
        reactions=("✅", "✏️", "🧪", "❌"),
    )
    plan = await posted(bot, out, picture=b"png")
    assert plan["content"].startswith("**Plan**")
    assert [file["filename"] for file in plan["attachments"]] == ["plan.png"]
    assert [b["label"] for b in plan["components"][0]["components"]] == ["Run", "Drop"]
    assert bot.server.reactions(plan) == ["✅"]


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
