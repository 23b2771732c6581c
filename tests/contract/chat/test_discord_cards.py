"""Cards on Discord, through the real discord.py: one message of components, known again."""

import pytest

from bot.chat import Outgoing, Section, SendFailed, say
from bot.platforms.discord.marker import unmarked
from bot.platforms.tones import COLOURS
from memory.model.identity import MessageRef
from tests.contract.chat.samples import FILES, card, ended
from tests.fakes.discord.faults import When
from tests.fakes.discord.listening import Bot, listening, where
from tests.fakes.discord.rules import COMPONENTS_V2, buttons, every_component, said
from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import Payload


async def post(bot: Bot, out: Outgoing, key: str = "k", edits: MessageRef | None = None) -> Payload:
    await bot.platform.post(where(bot.server), out, FILES, key=key, edits=edits)
    return bot.server.messages()[-1]


def ref(bot: Bot, message: Payload) -> MessageRef:
    return MessageRef(where=where(bot.server), message=message["id"])


async def test_a_card_is_a_container_in_the_colour_of_its_state(bot: Bot) -> None:
    posted = await post(bot, card())
    (container,) = posted["components"]
    assert (posted["content"], posted["flags"]) == ("", COMPONENTS_V2)
    assert container["accent_color"] == COLOURS["waiting"]
    kinds = [part["type"] for part in container["components"]]
    assert kinds == [10, 10, 12, 10, 14, 10, 1, 13]
    gallery, file = container["components"][2], container["components"][-1]
    assert gallery["items"][0]["media"]["url"] == "attachment://plan.png"
    assert file["file"]["url"] == "attachment://my_rows.csv"
    words = unmarked(said(posted))
    assert words.startswith('### Plan "Q3 report"\n\n🟡 Waiting for approval')
    assert words.endswith("**Effects** ⚠ writes 1 file\n**Cost** $0")
    assert "SELECT" not in words
    assert [button["label"] for button in buttons(posted)] == ["✅ Run", "❌ Drop", "Details"]
    assert bot.server.reactions(posted) == ["✅"]


async def test_a_card_changes_in_place_and_loses_the_tick_when_it_is_decided(bot: Bot) -> None:
    posted = await post(bot, card())
    picture = posted["attachments"][0]["id"]
    closed = card("done").model_copy(update={"reactions": ()})
    again = await post(bot, closed, "k2", ref(bot, posted))
    assert again["id"] == posted["id"]
    assert again["components"][0]["accent_color"] == COLOURS["done"]
    assert again["attachments"][0]["id"] == picture
    assert bot.server.reactions(again) == []
    assert len(bot.server.messages()) == 1


async def test_words_become_a_card_and_stay_components_ever_after(server: Discord) -> None:
    async with listening(server) as bot:
        plain = await post(bot, say("word " * 900))
        assert len(server.messages()) == 3
        drawn = await post(bot, card(), "k2", ref(bot, plain))
        assert [message["id"] for message in server.messages()] == [plain["id"]]
        assert drawn["content"] == ""
    async with listening(server) as bot:  # which knows nothing of it any more
        words = await post(bot, say("Gone."), "k3", ref(bot, drawn))
        assert unmarked(said(words)) == "Gone."
        assert words["flags"] & COMPONENTS_V2


@pytest.mark.parametrize("when", ["after", "cut_after"])
async def test_a_card_whose_answer_was_lost_is_found_by_its_mark(bot: Bot, when: When) -> None:
    bot.server.faults.add("POST .*/messages$", when=when)
    with pytest.raises(SendFailed) as failed:
        await bot.platform.post(where(bot.server), card(), FILES, key="k")
    assert failed.value.ambiguous
    (posted,) = bot.server.messages()
    assert await bot.platform.find(where(bot.server), "k") == ref(bot, posted)
    assert await bot.platform.find(where(bot.server), "k2") is None


async def test_what_is_pressed_and_given_on_a_card_is_heard_once(bot: Bot) -> None:
    posted = await post(bot, card())
    click = bot.server.click("bo", posted, "✅ Run")
    await bot.server.wait_for(lambda: click["response"])
    bot.server.react("bo", posted, "✅")
    await bot.hears(2)
    assert [(one.kind, one.action, one.emoji) for one in bot.heard] == [
        ("button", "approve:h", ""),
        ("reaction", "", "✅"),
    ]


async def test_a_reaction_given_while_nobody_listened_is_read_from_the_card(
    server: Discord,
) -> None:
    async with listening(server) as bot:
        posted = await post(bot, card())
    server.react("bo", posted, "✅", told=False)
    async with listening(server, open_on=(ref(bot, posted),)) as again:
        (heard,) = await again.hears()
        assert (heard.kind, heard.emoji, heard.author.display) == ("reaction", "✅", "bo")


async def test_of_a_card_that_is_too_long_the_rest_is_in_a_file_and_every_button_stays(
    bot: Bot,
) -> None:
    tasks = "\n".join(f"{number}. **Task** · " + "words " * 20 for number in range(60))
    posted = await post(bot, card(tasks=tasks))
    assert len(said(posted)) <= 4000
    names = [file["filename"] for file in posted["attachments"]]
    assert names == ["plan.png", "my_rows.csv", "message.md"]
    assert "the whole text is in `message.md`" in said(posted)
    assert "**Effects** ⚠ writes 1 file" in said(posted)
    assert len(buttons(posted)) == 3
    path = next(path for path in bot.server.world.files if path.endswith("message.md"))
    assert tasks in bot.server.world.files[path].decode()


async def test_a_crowded_card_keeps_to_forty_components(bot: Bot) -> None:
    head, *_, tail = card().sections
    many = tuple(
        Section(text=f"{n}?", buttons=(tail.buttons[0].model_copy(update={"action": f"a:{n}"}),))
        for n in range(30)
    )
    posted = await post(bot, card().model_copy(update={"sections": (head, *many, tail)}))
    assert len([*every_component(posted["components"])]) <= 40
    assert "29?" in said(posted)


async def test_the_votes_of_a_result_are_buttons_alone(bot: Bot) -> None:
    posted = await post(bot, ended())
    assert [button["label"] for button in buttons(posted)] == ["👍", "👎"]
    assert bot.server.reactions(posted) == []
