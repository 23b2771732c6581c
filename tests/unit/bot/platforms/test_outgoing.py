"""What is stored of a message reads the same after every change of its form."""

from bot.chat import Fact, Outgoing, Section, facts

BEFORE_CARDS = {
    "sections": [
        {
            "text": "**Plan**",
            "buttons": [{"action": "approve:h", "label": "Run", "style": "primary", "asks": ""}],
        }
    ],
    "files": [],
    "reactions": ["✅", "❌"],
}


def test_a_row_of_before_there_were_cards_is_the_same_message() -> None:
    out = Outgoing.model_validate(BEFORE_CARDS)
    assert (out.text, out.tone, out.version) == ("**Plan**", "plain", 1)
    assert [button.action for button in out.sections[0].buttons] == ["approve:h"]
    assert out.seeds == ("✅",)


def test_a_card_is_the_same_after_it_was_stored() -> None:
    out = Outgoing(
        sections=(Section(text="short", full="in full"), facts(Fact(name="Cost", value="$0"))),
        tone="waiting",
    )
    assert Outgoing.model_validate(out.model_dump(mode="json")) == out
    assert out.text == "in full\n\nCost: $0"
