"""A Slack thread as a web page: Block Kit as it was sent, in the look of Slack. Pure."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from bot.language.emoji import shortcode
from tests.fakes.slack.state import File, Json, Message, User
from tests.pictures.markup import FENCE, fenced

COLOURS = ("#7c5cbf", "#2f7f6f", "#b5573b", "#39679e")
CHOICES = ("👀", "✅", "✏️", "🧪", "❌", "👍", "👎")
EMOJI = {shortcode(emoji): emoji for emoji in CHOICES}
MARKS = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<i>\1</i>"),
)
CSS = """
* { box-sizing: border-box }
html { background: #fff }
body { margin: 0; color: #1d1c1d; width: WIDTHpx; padding-bottom: 6px;
  border: 1px solid #d9d9dc; border-radius: 10px;
  font: 15px/1.45 Lato, "Helvetica Neue", Arial, sans-serif, "Noto Color Emoji" }
header { padding: 11px 16px; border-bottom: 1px solid #e8e8e8; font-weight: 900 }
header span { color: #616061; font-weight: 400; font-size: 13px; margin-left: 8px }
article { display: flex; gap: 9px; padding: 9px 16px 7px }
article > div { flex: 1; min-width: 0 }
.face { flex: none !important; width: 36px; height: 36px; border-radius: 8px; color: #fff;
  font-weight: 900; font-size: 18px; text-align: center; line-height: 36px }
.who { font-weight: 900 } .who small { color: #616061; font-weight: 400; font-size: 12px }
.who em { font: 700 10px/1 Lato, sans-serif; color: #616061; background: #ebeaeb;
  border-radius: 3px; padding: 2px 4px; margin: 0 4px; vertical-align: 1px }
p { margin: 0 0 8px; white-space: pre-wrap; overflow-wrap: anywhere }
code, pre { font: 12px/1.5 "DejaVu Sans Mono", monospace; color: #c01343; background: #f7f7f7;
  border: 1px solid #dedede; border-radius: 3px; padding: 1px 3px }
pre { color: inherit; padding: 8px; white-space: pre-wrap; margin: 0 0 8px }
img { display: block; width: 100%; border: 1px solid #e3e3e3; border-radius: 8px; margin: 2px 0 9px }
a { color: #1264a3; background: #e8f5fa; border-radius: 3px; padding: 0 2px; font-weight: 700 }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 9px }
button { font: 700 13px/26px Lato, sans-serif, "Noto Color Emoji"; color: #1d1c1d; padding: 0 11px;
  background: #fff; border: 1px solid #bbbabb; border-radius: 8px }
.primary { background: #007a5a; border-color: #007a5a; color: #fff }
.danger { border-color: #e01e5a; color: #e01e5a }
h2 { font-size: 18px; line-height: 1.3; margin: 2px 0 6px }
.context p { font-size: 12.5px; color: #616061; margin-bottom: 6px }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 14px; max-width: 600px }
hr { border: 0; border-top: 1px solid #e3e3e3; margin: 2px 0 9px }
p, pre, .row, hr, .scroll { max-width: 680px } img { max-width: 440px } .opinion button { border: 0; padding: 0 6px }
.scroll { overflow-x: auto; margin-bottom: 9px } table { border-collapse: collapse; font-size: 13.5px }
td { border: 1px solid #dcdcdc; padding: 5px 10px; white-space: nowrap }
tr:first-child td { font-weight: 700; background: #f8f8f8 }
.reactions { gap: 5px; margin: 0 } .reactions span { background: #f0f0f0; border-radius: 12px;
  padding: 1px 8px; font-size: 13px; color: #444 }
"""


def page(
    messages: Sequence[Message],
    users: Mapping[str, User],
    files: Mapping[str, File],
    *,
    channel: str,
    width: int,
) -> str:
    """The thread as one HTML file that needs nothing else."""
    articles = "".join(_article(message, users, files) for message in messages)
    css = CSS.replace("WIDTH", str(width))
    return (
        f'<!doctype html><meta charset="utf-8"><title>#{escape(channel)}</title>'
        f"<style>{css}</style><header>Thread<span>#{escape(channel)}</span></header>{articles}"
    )


def _article(message: Message, users: Mapping[str, User], files: Mapping[str, File]) -> str:
    user = users[message.user]
    colour = "#1f2937" if user.bot_id else COLOURS[sum(user.name.encode()) % len(COLOURS)]
    badge = "<em>APP</em>" if user.bot_id else " "
    at = datetime.fromtimestamp(float(message.ts), UTC).strftime("%-I:%M %p")
    blocks = message.blocks or [{"type": "section", "text": {"text": message.text}}]
    body = "".join(_block(block, users, files) for block in blocks)
    return (
        f'<article><div class="face" style="background:{colour}">{escape(user.name[0].upper())}'
        f'</div><div><div class="who">{escape(user.name)}{badge}<small>{at}</small></div>'
        f"{body}{_reactions(message)}</div></article>"
    )


def _block(block: Json, users: Mapping[str, User], files: Mapping[str, File]) -> str:
    plain = {"divider": lambda _: "<hr>", "table": _table, "header": _header}
    pressed = {"actions": _actions, "context_actions": _opinion}
    kind = block["type"]
    if kind in plain or kind in pressed:
        return (plain | pressed)[kind](block)
    if kind in {"section", "context"}:
        return _words(block, users)
    if kind == "image":
        data = b64encode(files[block["slack_file"]["id"]].data).decode()
        return f'<img alt="" src="data:image/png;base64,{data}">'
    raise ValueError(f"no picture of a block of type {kind!r}")


def _words(block: Json, users: Mapping[str, User]) -> str:
    if "text" in block:
        return _mrkdwn(block["text"]["text"], users)
    look = "fields" if "fields" in block else "context"
    parts = block.get("fields") or block["elements"]
    texts = "".join(f"<div>{_mrkdwn(part['text'], users)}</div>" for part in parts)
    return f'<div class="{look}">{texts}</div>'


def _header(block: Json) -> str:
    return f"<h2>{escape(block['text']['text'])}</h2>"


def _actions(block: Json) -> str:
    buttons = "".join(
        f'<button class="{element.get("style", "")}">{escape(element["text"]["text"])}</button>'
        for element in block["elements"]
    )
    return f'<div class="row">{buttons}</div>'


def _opinion(block: Json) -> str:
    (element,) = block["elements"]
    halves = (element["positive_button"], element["negative_button"])
    pressed = "".join(f"<button>{escape(half['text']['text'])}</button>" for half in halves)
    return f'<div class="row opinion">{pressed}</div>'


def _table(block: Json) -> str:
    sides = [column.get("align", "left") for column in block.get("column_settings", ())]
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:{side}">{escape(cell["text"])}</td>'
            for cell, side in zip(row, sides, strict=True)
        )
        + "</tr>"
        for row in block["rows"]
    )
    return f'<div class="scroll"><table>{rows}</table></div>'


def _mrkdwn(text: str, users: Mapping[str, User]) -> str:
    """Slack's mark-up as HTML. The text comes escaped, as Slack wants it."""
    text = re.sub(r"<@(\w+)>", lambda mention: f"<a>@{_name(mention[1], users)}</a>", text)
    text = re.sub(r"<https?://[^|>]+\|([^>]+)>", r"<a>\1</a>", text)
    parts = FENCE.split(text)
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = fenced(part)
        elif part.strip():
            for pattern, tag in MARKS:
                part = pattern.sub(tag, part)
            parts[index] = f"<p>{part.strip()}</p>"
    return "".join(parts)


def _name(user: str, users: Mapping[str, User]) -> str:
    return users[user].name if user in users else user.removeprefix("U0").lower()


def _reactions(message: Message) -> str:
    pills = "".join(
        f"<span>{EMOJI.get(name, name)} {len(people)}</span>"
        for name, people in message.reactions.items()
        if people
    )
    return f'<div class="row reactions">{pills}</div>' if pills else ""
