"""Markdown to Slack's mrkdwn, and what Slack sends back to plain text; pure."""

import re
from collections.abc import Callable
from typing import Final

_CODE: Final = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_LANGUAGE: Final = re.compile(r"```[\w+#.-]*\n")
_KEPT: Final = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)>"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>(?:https?://|mailto:)[^\s)]{1,1000})\)"
    r"|(?P<bare>https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]*_~])"
    r"|\\(?P<char>[\\`*_~\[\]()#|<>-])"
)
_STYLES: Final = (
    (re.compile(r"^#{1,6}\s+(\S(?:.*[^\s#])?)[ \t#]*$", re.MULTILINE), "\x01\\1\x01"),
    (re.compile(r"^([^\S\n]*)[-*+]\s+", re.MULTILINE), r"\1• "),
    (re.compile(r"\*\*(?!\s)((?:[^*\n]|\*(?!\*))+)(?<!\s)\*\*"), "\x01\\1\x01"),
    (re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]+?)(?<!\s)\*(?![\w*])"), r"_\1_"),
    (re.compile(r"~~(?!\s)((?:[^~\n]|~(?!~))+)(?<!\s)~~"), r"~\1~"),
    (re.compile("\x01+"), "*"),
)
_TABLE: Final = re.compile(
    r"^\|.*\|[ \t]*\n\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?:\n\|.*\|[ \t]*)*", re.MULTILINE
)
_ENTITY: Final = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def mrkdwn(markdown: str) -> str:
    """The text as Slack draws it. Only `<@user>` mentions, links and our own styles are live.

    Everything else that Slack would act on (`<!channel>`, `<#C1>`, &) is escaped; tables, which
    mrkdwn lacks, become aligned text.
    """
    clean = re.sub("[\x00-\x08]", "", markdown)
    text = "".join(
        piece if index % 2 else _TABLE.sub(lambda table: _aligned(table[0]), piece)
        for index, piece in enumerate(_CODE.split(clean))
    )
    pieces = _CODE.split(text)
    return "".join(
        _code(piece) if index % 2 else _prose(piece) for index, piece in enumerate(pieces)
    )


def unmarked(markdown: str) -> str:
    """The text without marks of style, for where Slack draws none."""
    return re.sub(r"\*\*|`", "", re.sub("[\x00-\x08]", "", markdown))


def escape(text: str) -> str:
    """The three characters that Slack reads, made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mentioned(text: str) -> tuple[str, ...]:
    """The ids of the people that are mentioned, in order, each once."""
    return tuple(dict.fromkeys(re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>", text)))


def plain(text: str, *, own: str, name: Callable[[str], str]) -> str:
    """What a person typed: Slack's entities undone, the bot's own mention removed.

    `name` gives what is shown of a user id.
    """

    def undo(entity: re.Match[str]) -> str:
        kind, body, label = entity[1], entity[2], entity[3] or ""
        match kind:
            case "@":
                return "" if body == own else f"@{name(body) or label or body}"
            case "#":
                return f"#{label or body}"
            case "!":
                return _special(body, label)
            case _:
                return _link(body, label)

    readable = _ENTITY.sub(undo, text).replace("\u00a0", " ")
    lines = readable.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").splitlines()
    return "\n".join(line.strip(" ") if own in text else line for line in lines).strip()


def _special(body: str, label: str) -> str:
    return label if label.startswith("@") or body.startswith("date") else f"@{label or body}"


def _link(url: str, label: str) -> str:
    bare = url.removeprefix("mailto:")
    without = re.sub(r"^https?://", "", bare).rstrip("/")
    if not label:
        return bare
    return label if label.rstrip("/") in (bare.rstrip("/"), without) else f"{label} ({url})"


def _code(piece: str) -> str:
    return escape(_LANGUAGE.sub("```\n", piece, count=1))


def _prose(piece: str) -> str:
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if found["user"]:
            kept.append(f"<@{found['user']}>")
        elif found["url"]:
            kept.append(f"<{escape(found['url'])}|{escape(found['label']).replace('|', '¦')}>")
        else:
            kept.append(f"<{escape(found['bare'])}>" if found["bare"] else escape(found["char"]))
        return f"\x02{len(kept) - 1}\x03"

    text = escape(_KEPT.sub(keep, piece))
    for pattern, replacement in _STYLES:
        text = pattern.sub(replacement, text)
    return re.sub("\x02(\\d+)\x03", lambda number: kept[int(number[1])], text)


def _aligned(table: str) -> str:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()
    ]
    del rows[1]
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    )
    return "```\n" + "\n".join(lines) + "\n```"
