"""Mentions, marks and custom ids: the pure parts of the Discord adapter."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Button, Section
from bot.platforms.discord import marker, text
from bot.platforms.discord.buttons import Actions, modal, typed, view


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("<@1> do it", "do it"),
        ("hey <@!1> do it", "hey do it"),
        ("ask <@2> and <@!2>", "ask @kim and @kim"),
        ("a\x00b", "ab"),
        ("```\nif  x:\n    y\n```", "```\nif  x:\n    y\n```"),
    ],
)
def test_mentions_become_names_and_our_own_goes(said: str, heard: str):
    own = re.compile("<@!?1>")
    assert text.readable(said, own=own, name=lambda _: "kim") == heard


def test_a_thread_is_named_by_its_first_words():
    assert text.thread_name("total\nthe revenue") == "total the revenue"
    assert text.thread_name("") == "Request"
    long = text.thread_name("word " * 50)
    assert len(long) <= 80
    assert long.endswith("word…")


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_mark_tells_keys_apart_and_goes_unseen(key: str, other: str):
    content = "Done.\n```\nx\n```" + marker.mark(key)
    assert marker.is_marked(content, key)
    assert marker.is_marked(content, other) == (key == other)
    assert marker.unmarked(content) == "Done.\n```\nx\n```"
    assert not marker.is_continued(content)
    part = "Done." + marker.mark(key, continued=True)
    assert marker.is_continued(part)
    assert not marker.is_marked(part, key)
    assert len(marker.mark(key, continued=True)) <= marker.LENGTH
    assert len(marker.nonce(key)) <= 25
    assert marker.mark(key).strip() == marker.mark(key)


@given(st.text(min_size=1, max_size=300), st.text(max_size=120))
def test_an_action_comes_back_from_its_custom_id(action: str, asks: str):
    action = action.replace("\x1e", "").replace("\x1f", "") or "a"
    asks = asks.replace("\x1f", "").strip()
    actions = Actions()
    custom_id = actions.custom_id(Button(action=action, label="x", asks=asks))
    assert 1 <= len(custom_id) <= 100
    assert actions.action_of(custom_id) == action
    assert bool(actions.asks(custom_id)) == bool(asks)


@pytest.mark.parametrize(
    "action", [f"approve:{'f' * 64}", f"change:{'f' * 64}", f"answer:q_{'0' * 20}:other"]
)
def test_the_actions_of_plans_and_questions_need_no_memory(action: str):
    asks = "What should be different in this plan?"
    custom_id = Actions().custom_id(Button(action=action, label="x", asks=asks))
    assert Actions().action_of(custom_id) == action
    assert Actions().asks(custom_id)


async def test_a_label_is_shortened_and_a_button_twice_is_shown_once():
    twice = (Button(action="a", label="x" * 100), Button(action="a", label="again"))
    shown = view((Section(text="?", buttons=twice),), Actions())
    assert shown is not None
    assert [len(child.label or "") for child in shown.children] == [80]  # type: ignore[attr-defined]
    assert view((Section(text="no buttons"),), Actions()) is None


def test_what_is_typed_is_found_in_labels_and_in_old_rows():
    field = {"type": 4, "value": "Q3"}
    assert typed({"components": [{"type": 18, "component": field}]}) == "Q3"
    assert typed({"components": [{"type": 1, "components": [field]}]}) == "Q3"
    assert typed({"custom_id": "a", "component_type": 2}) == ""
    assert len(modal("a", "x" * 99)["data"]["title"]) == 45
