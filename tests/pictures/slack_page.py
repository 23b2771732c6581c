"""A Slack thread as a web page: Block Kit as it was sent, in the look of Slack. Pure."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from bot.language.emoji import shortcode
from tests.fakes.slack.state import File, Json, Message, User

COLOURS = ("#7c5cbf", "#2f7f6f", "#b5573b", "#39679e")
CHOICES = ("👀", "✅", "✏️", "🧪", "❌", "👍", "👎")
EMOJI = {shortcode(emoji): emoji for emoji in CHOICES}
MARKS = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<i>\1</i>"),
)
FENCE = re.compile(r"```\n?(.*?)```", re.DOTALL)
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
    match block["type"]:
        case "section":
            return _mrkdwn(block["text"]["text"], users)
        case "image":
            data = b64encode(files[block["slack_file"]["id"]].data).decode()
            return f'<img alt="" src="data:image/png;base64,{data}">'
        case "actions":
            buttons = "".join(
                f'<button class="{element.get("style", "")}">{escape(element["text"]["text"])}'
                "</button>"
                for element in block["elements"]
            )
            return f'<div class="row">{buttons}</div>'
        case other:
            raise ValueError(f"no picture of a block of type {other!r}")


def _mrkdwn(text: str, users: Mapping[str, User]) -> str:
    """Slack's mark-up as HTML. The text comes escaped, as Slack wants it."""
    text = re.sub(r"<@(\w+)>", lambda mention: f"<a>@{users[mention[1]].name}</a>", text)
    parts = FENCE.split(text)
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = f"<pre>{part.rstrip()}</pre>"
        elif part.strip():
            for pattern, tag in MARKS:
                part = pattern.sub(tag, part)
            parts[index] = f"<p>{part.strip()}</p>"
    return "".join(parts)


def _reactions(message: Message) -> str:
    pills = "".join(
        f"<span>{EMOJI.get(name, name)} {len(people)}</span>"
        for name, people in message.reactions.items()
        if people
    )
    return f'<div class="row reactions">{pills}</div>' if pills else ""
