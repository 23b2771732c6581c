"""Outgoing to Block Kit, within Slack's limits; pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.chat import Button, Outgoing, Section
from bot.language.words import shorten
from bot.platforms.parts import split
from bot.platforms.slack import limits
from bot.platforms.slack.mrkdwn import mrkdwn
from memory.model.text import text

Block = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """A picture that is uploaded already."""

    file: str
    title: str


@dataclass(frozen=True)
class Body:
    """One Slack message: its blocks, and the text for where blocks are not shown."""

    text: str
    blocks: list[Block]


@dataclass(frozen=True)
class Typed:
    """What a modal remembers while somebody types: which button, on which message."""

    action: str
    channel: str
    message: str
    thread: str


def bodies(out: Outgoing, pictures: Sequence[Picture] = ()) -> list[Body]:
    """The messages it takes, in order; pictures follow the first paragraph."""
    sections = [_section(section, row=row) for row, section in enumerate(out.sections)]
    drawn = [[_picture(picture) for picture in pictures]]
    blocks = chain.from_iterable([*sections[:1], *drawn, *sections[1:]])
    names = ", ".join(file.title or file.name for file in out.files) or "…"
    return [Body(_fallback(group) or names, group) for group in _groups(blocks) or [[]]]


def modal(button: Button, typed: Typed) -> Block:
    """The field that opens for a button which asks."""
    return {
        "type": "modal",
        "callback_id": "typed",
        "title": _plain("Orchestra", limits.TITLE_CHARS),
        "submit": _plain(text("Send"), limits.TITLE_CHARS),
        "close": _plain(text("Cancel"), limits.TITLE_CHARS),
        "private_metadata": json.dumps(typed.__dict__),
        "blocks": [
            {
                "type": "input",
                "block_id": "typed",
                "label": _plain(button.asks, limits.LABEL_CHARS),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "typed",
                    "multiline": True,
                    "max_length": 3000,
                    "focus_on_load": True,
                },
            }
        ],
    }


def button_of(value: str) -> Button:
    """The button whose press sent this value. Raises ValueError for one that is not ours."""
    fields = json.loads(value)
    return Button(action=fields["do"], label=fields.get("label", "…"), asks=fields.get("asks", ""))


def _section(section: Section, *, row: int) -> list[Block]:
    blocks: list[Block] = [
        {
            "type": "section",
            "expand": True,  # long ones are not folded away
            "text": {"type": "mrkdwn", "text": part, "verbatim": True},
        }
        for part in split(mrkdwn(section.text), limits.SECTION_CHARS)
        if part.strip()
    ]
    for start in range(0, len(section.buttons), limits.BUTTONS_IN_ROW):
        buttons = section.buttons[start : start + limits.BUTTONS_IN_ROW]
        blocks.append(
            {
                "type": "actions",
                "elements": [
                    _button(button, f"do:{row}:{start + index}")
                    for index, button in enumerate(buttons)
                ],
            }
        )
    return blocks


def _button(button: Button, action_id: str) -> Block:
    value = {"do": button.action} | ({"asks": button.asks[:500]} if button.asks else {})
    block: Block = {
        "type": "button",
        "action_id": action_id,
        "text": _plain(button.label, limits.BUTTON_CHARS),
        "value": json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    }
    return block if button.style == "plain" else block | {"style": button.style}


def _picture(picture: Picture) -> Block:
    return {
        "type": "image",
        "slack_file": {"id": picture.file},
        "alt_text": (picture.title or text("picture"))[:2000],
    }


def _plain(words: str, most: int) -> Block:
    return {"type": "plain_text", "text": shorten(words, most) or "…", "emoji": True}


def _groups(blocks: Iterable[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = []
    size = 0
    for block in blocks:
        length = len(block["text"]["text"]) if block["type"] == "section" else 0
        full = groups and (len(groups[-1]) == limits.BLOCKS or size + length > limits.MESSAGE_CHARS)
        if not groups or full:
            groups.append([])
            size = 0
        groups[-1].append(block)
        size += length
    return groups


def _fallback(group: Sequence[Block]) -> str:
    texts = [block["text"]["text"] for block in group if block["type"] == "section"]
    return split("\n".join(texts), limits.SECTION_CHARS)[0]
