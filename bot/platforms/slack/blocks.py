"""Outgoing to Block Kit, within Slack's limits; pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.chat import Button, Fact, Grid, Outgoing, Section, Tone
from bot.language.words import shorten
from bot.platforms.parts import split
from bot.platforms.slack import limits
from bot.platforms.slack.mrkdwn import mrkdwn, unmarked
from bot.platforms.tones import ICONS
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


_NOWHERE = Typed("", "", "", "")


def bodies(out: Outgoing, pictures: Sequence[Picture] = ()) -> list[Body]:
    """The messages it takes, in order; pictures follow the first paragraph."""
    first, *others = _groups(_blocks(out, pictures)) or [[]]
    names = ", ".join(file.title or file.name for file in out.files) or "…"
    notice = _notice(out) if out.tone != "plain" else _fallback(first)
    return [
        Body(notice or names, first),
        *(Body(_fallback(group) or names, group) for group in others),
    ]


def _blocks(out: Outgoing, pictures: Sequence[Picture]) -> list[Block]:
    """All of it; pictures follow the first paragraph, or the state of a card."""
    known = enumerate(_with_one_table(out.sections))
    sections = [_section(section, out.tone, row=row) for row, section in known]
    top = 2 if [section.part for section in out.sections[1:2]] == ["state"] else 1
    drawn = [_picture(picture) for picture in pictures]
    return [*chain(*sections[:top]), *drawn, *chain(*sections[top:])]


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


def asking(name: str) -> Block:
    """The field for what is to be done."""
    field = modal(Button(action="", label="", asks=text("What do you want done?")), _NOWHERE)
    return {**field, "callback_id": name, "private_metadata": ""}


def paragraphs(words: str) -> list[Block]:
    """Words in sections that Slack takes."""
    return [
        {
            "type": "section",
            "expand": True,  # long ones are not folded away
            "text": {"type": "mrkdwn", "text": part, "verbatim": True},
        }
        for part in split(words, limits.SECTION_CHARS)
        if part.strip()
    ]


def view(blocks: Sequence[Block]) -> Block:
    """Blocks to read, for one person."""
    return {
        "type": "modal",
        "title": _plain(text("Details"), limits.TITLE_CHARS),
        "close": _plain(text("Close"), limits.TITLE_CHARS),
        "blocks": [*blocks],
    }


def home_view(out: Outgoing) -> Block:
    """The Home tab of one person; what's beyond Slack's hundred blocks is left out."""
    blocks = [block for block in _blocks(out, ()) if block["type"] != "table"]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def button_of(value: str) -> Button:
    """The button whose press sent this value. Raises ValueError for one that is not ours."""
    fields = json.loads(value)
    return Button(action=fields["do"], label=fields.get("label", "…"), asks=fields.get("asks", ""))


def _section(section: Section, tone: Tone, *, row: int) -> list[Block]:
    votes = _votes(section, row=row)
    if votes:
        return votes
    blocks = _drawn(section, tone)
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


def _drawn(section: Section, tone: Tone) -> list[Block]:
    """The words in the form of their part; what such a form has no room for is plain words."""
    words = mrkdwn(section.text)
    match section.part:
        case "headline" if len(section.text) <= limits.HEADER_CHARS:
            return [{"type": "header", "text": _plain(unmarked(section.text), limits.HEADER_CHARS)}]
        case "headline":
            return paragraphs(f"*{words}*")
        case "state" if len(words) < limits.CONTEXT_CHARS:
            return [_context(f"{ICONS[tone]} {words}" if tone in ICONS else words)]
        case "facts":
            return [{"type": "divider"}, *(_fields(section.facts) or paragraphs(words))]
        case _:
            return _table(section.grid) if section.grid is not None else paragraphs(words)


def _fields(known: Sequence[Fact]) -> list[Block]:
    """Two facts a line; none where Slack has no room for them all."""
    fields = [mrkdwn(f"**{fact.name}**\n{fact.value}") for fact in known]
    if len(fields) > limits.FIELDS or any(len(field) > limits.FIELD_CHARS for field in fields):
        return []
    texts = [{"type": "mrkdwn", "text": field, "verbatim": True} for field in fields]
    return [{"type": "section", "fields": texts}] if texts else []


def _table(grid: Grid) -> list[Block]:
    rows = [grid.columns, *grid.rows]
    return [
        *paragraphs(mrkdwn(grid.lead)),
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
            "column_settings": [
                {"align": "right" if number else "left"} for number in grid.numbers
            ],
        },
        *paragraphs(mrkdwn(grid.notes)),
    ]


def _with_one_table(sections: Sequence[Section]) -> Iterator[Section]:
    """The sections; of their tables the first that Slack takes stays one, others are text."""
    room = 1
    for section in sections:
        fits = section.grid is not None and room > 0 and _is_taken(section.grid)
        room -= fits
        yield section if fits else section.model_copy(update={"grid": None})


def _is_taken(grid: Grid) -> bool:
    cells = [cell for row in (grid.columns, *grid.rows) for cell in row]
    return (
        len(grid.rows) < limits.TABLE_ROWS
        and len(grid.columns) <= limits.TABLE_COLUMNS
        and all(cells)
        and sum(map(len, cells)) <= limits.TABLE_CHARS
    )


def _votes(section: Section, *, row: int) -> list[Block]:
    """Slack's own buttons for an opinion, where there are two to press."""
    if section.part != "votes" or len(section.buttons) != 2:
        return []
    better, worse = (
        {"text": _plain(button.label, limits.BUTTON_CHARS), "value": _value(button)}
        for button in section.buttons
    )
    element = {
        "type": "feedback_buttons",
        "action_id": f"do:{row}:0",
        "positive_button": better,
        "negative_button": worse,
    }
    return [
        _context(mrkdwn(section.text)),
        {"type": "context_actions", "elements": [element]},
    ]


def _context(words: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}


def _button(button: Button, action_id: str) -> Block:
    block: Block = {
        "type": "button",
        "action_id": action_id,
        "text": _plain(button.label, limits.BUTTON_CHARS),
        "value": _value(button),
    }
    return block if button.style == "plain" else block | {"style": button.style}


def _value(button: Button) -> str:
    value = {"do": button.action} | ({"asks": button.asks[:500]} if button.asks else {})
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
        length = len(_words(block))
        full = groups and (len(groups[-1]) == limits.BLOCKS or size + length > limits.MESSAGE_CHARS)
        if not groups or full:
            groups.append([])
            size = 0
        groups[-1].append(block)
        size += length
    return groups


def _words(block: Block) -> str:
    """What a block says."""
    match block:
        case {"type": "section" | "header", "text": {"text": str(words)}}:
            return words
        case {"type": "table", "rows": list(rows)}:
            return "\n".join("  ".join(cell["text"] for cell in row) for row in rows)
        case {"fields": list(parts)} | {"type": "context", "elements": list(parts)}:
            return "\n".join(part["text"] for part in parts)
        case _:
            return ""


def _fallback(group: Sequence[Block]) -> str:
    return split("\n".join(filter(None, map(_words, group))), limits.SECTION_CHARS)[0]


def _notice(out: Outgoing) -> str:
    """What a phone shows of a card before it's opened: what it's about, how it stands, its facts."""
    told = ("headline", "state", "facts")
    words = [section.text for section in out.sections if section.part in told]
    return split(mrkdwn("\n".join(words) or out.text), limits.SECTION_CHARS)[0]
