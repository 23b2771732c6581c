"""Discord messages as a web page: components as they were sent, in the look of Discord. Pure."""

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape

from bot.platforms.discord.marker import unmarked
from tests.fakes.discord.world import Payload
from tests.pictures.markup import FENCE, fenced

STYLES = {1: "primary", 2: "plain", 3: "good", 4: "danger"}
MARKS = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^\n]+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<i>\1</i>"),
    (re.compile(r"^### (.*)$", re.MULTILINE), r"<h3>\1</h3>"),
    (re.compile(r"^-# (.*)$", re.MULTILINE), r"<small>\1</small>"),
    (re.compile(r"&lt;@\d+&gt;"), r"<a>@bo</a>"),
)
CSS = """
* { box-sizing: border-box }
html { background: #313338 }
body { margin: 0; padding: 12px; color: #dbdee1; width: WIDTHpx;
  font: 15px/1.4 "gg sans", "Noto Sans", Lato, Arial, sans-serif, "Noto Color Emoji" }
article { padding: 8px 0 14px } article > em { color: #949ba4; font-size: 12px; font-style: normal }
.card { background: #2b2d31; border: 1px solid #3f4147; border-left: 4px solid #4e5058;
  border-radius: 8px; padding: 12px 14px; max-width: 600px; margin-top: 4px }
.card > *:not(:last-child) { margin-bottom: 8px }
.words { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 600px }
h3 { font-size: 17px; line-height: 1.3; margin: 0; color: #f2f3f5; display: inline }
hr { border: 0; border-top: 1px solid #3f4147; margin: 4px 0 }
code, pre { font: 12.5px/1.4 "DejaVu Sans Mono", monospace; background: #1e1f22; border-radius: 4px;
  padding: 1px 3px } pre { padding: 8px; margin: 4px 0; white-space: pre-wrap }
img { display: block; max-width: 100%; max-height: 420px; border-radius: 6px; background: #fff }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 6px }
button { font: 500 14px/30px "Noto Sans", Lato, sans-serif, "Noto Color Emoji"; color: #fff; border: 0;
  background: #4e5058; border-radius: 8px; padding: 0 14px; min-height: 32px }
.primary { background: #5865f2 } .danger { background: #da373c } .good { background: #248046 }
a { color: #c9cdfb; background: #3c4270; border-radius: 3px; padding: 0 2px }
small { color: #949ba4; font-size: 12px }
.file { border: 1px solid #3f4147; border-radius: 6px; padding: 8px 10px; color: #00a8fc }
.reactions span { background: #2b2d31; border: 1px solid #5865f2; border-radius: 8px; padding: 1px 8px }
"""


def page(
    messages: Mapping[str, Payload],
    pictures: Mapping[str, bytes],
    *,
    width: int,
    seeds: Mapping[str, list[str]],
) -> str:
    """The messages under their names as one HTML file that needs nothing else."""
    articles = "".join(
        f"<article><em>{escape(name)}</em>{_body(message, pictures)}{_pills(seeds.get(name, []))}</article>"
        for name, message in messages.items()
    )
    css = CSS.replace("WIDTH", str(width))
    return (
        f'<!doctype html><meta charset="utf-8"><title>Discord</title><style>{css}</style>{articles}'
    )


def _body(message: Payload, pictures: Mapping[str, bytes]) -> str:
    words = f'<div class="words">{_words(message["content"])}</div>' if message["content"] else ""
    return words + "".join(_part(part, message, pictures) for part in message["components"])


def _part(part: Payload, message: Payload, pictures: Mapping[str, bytes]) -> str:
    match part["type"]:
        case 17:
            inner = "".join(_part(one, message, pictures) for one in part["components"])
            colour = f"#{part['accent_color']:06x}"
            return f'<div class="card" style="border-left-color:{colour}">{inner}</div>'
        case 10:
            return f'<div class="words">{_words(part["content"])}</div>'
        case 12:
            shown = (item["media"]["url"].removeprefix("attachment://") for item in part["items"])
            return "".join(_picture(name, message, pictures) for name in shown)
        case 13:
            name = part["file"]["url"].removeprefix("attachment://")
            return f'<div class="file">📄 {escape(name)}</div>'
        case 14:
            return "<hr>"
        case 1:
            pressed = "".join(
                f'<button class="{STYLES[one["style"]]}">{escape(one["label"])}</button>'
                for one in part["components"]
            )
            return f'<div class="row">{pressed}</div>'
        case other:
            raise ValueError(f"no picture of a component of type {other!r}")


def _picture(name: str, message: Payload, pictures: Mapping[str, bytes]) -> str:
    file = next(file for file in message["attachments"] if file["filename"] == name)
    path = file["url"].partition("/attachments/")[2].partition("?")[0]
    data = b64encode(pictures[f"attachments/{path}"]).decode()
    return f'<img alt="" src="data:image/png;base64,{data}">'


def _words(text: str) -> str:
    parts = FENCE.split(unmarked(text))
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = fenced(escape(part))
            continue
        words = escape(part.strip("\n"), quote=False)
        words = re.sub(r"\[([^\]]+)\]\(https?://[^)]+\)", r"<a>\1</a>", words)
        for pattern, tag in MARKS:
            words = pattern.sub(tag, words)
        parts[index] = words
    return "".join(parts)


def _pills(emoji: list[str]) -> str:
    pills = "".join(f"<span>{one} 1</span>" for one in emoji)
    return f'<div class="row reactions">{pills}</div>' if pills else ""
