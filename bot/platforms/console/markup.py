"""The chat port's Markdown on a terminal: styled and wrapped, or plain."""

import re
from collections.abc import Iterator
from typing import Final

from bot.chat import Outgoing, Section
from bot.language.words import clean, width
from bot.platforms.console.board import SPOKEN, numbered
from memory.model.text import text

BOLD, ITALIC, CODE, DIM, END = "\x1b[1m", "\x1b[3m", "\x1b[36m", "\x1b[2m", "\x1b[0m"
_TOKENS: Final = re.compile(
    r"(`[^`\n]+`|\*\*[^\n]+?\*\*|(?<![\w*])\*(?!\s)[^*\n]+?\*(?![\w*])|\[[^\[\]\n]+\]\([^()\s]+\)|<@[^<>\s]+>)"
)
_SPEAKS_FOR_ITSELF: Final = re.compile(
    r'^(?:\S*[./_]\S*|[0-9a-f]{8}|(?:SELECT|WITH) .*|.*"[^"]+".*)$'
)
"""Paths, ids and queries: code that nobody takes for prose. All other code is something to say, and
has quotes where there is no colour."""
_ITEM: Final = re.compile(r"^\s*(?:[-•] |\d+\. |↳ )?\s*")


def message_lines(out: Outgoing, *, styled: bool, columns: int) -> list[str]:
    """All of a message but its files, as lines of at most `columns`."""
    lines: list[str] = []
    for section in out.sections:
        if section.whole:
            if lines and section.part != "state":
                lines.append("")
            words = f"**{section.whole}**" if section.part == "headline" else section.whole
            lines += text_lines(words, styled=styled, columns=columns)
        choices = _choices(section)
        if choices:
            lines += text_lines("   " + choices, styled=styled, columns=columns)
    return lines


def text_lines(markdown: str, *, styled: bool, columns: int) -> list[str]:
    """Markdown as lines. Fenced text keeps its own lines; other text is wrapped at words."""
    lines, fenced = [], False
    for line in clean(markdown).split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            lines.append(f"{CODE}{line}{END}" if styled else line)
        else:
            lines += _wrapped(line, styled=styled, columns=columns)
    return lines


def _choices(section: Section) -> str:
    """Buttons that are pressed by a number, with it: `1 [developers]  2 [managers]  [other…]`."""
    shown, number = [], 0
    for button in section.buttons:
        if button.action.startswith("defaults:"):
            shown.append(f"[{button.label}] run")
        elif button.action.startswith(SPOKEN):
            shown.append(f"[{button.label}]")
        elif numbered(button) and button.asks:
            shown.append(f"[{button.label}] {text('type it')}")
        elif numbered(button):
            number += 1
            shown.append(f"{number} [{button.label}]")
    return "  ".join(shown)


def _wrapped(line: str, *, styled: bool, columns: int) -> Iterator[str]:
    indent = " " * (len(line) - len(_ITEM.sub("", line, count=1)))
    current, used, empty = "", 0, True
    for word, style in _words(line, styled=styled):
        blank = not word.strip()
        if used + width(word) > columns and not empty and not blank:
            yield current.rstrip()
            current, used, empty = indent, len(indent), True
        if empty and blank and used:
            continue
        current += f"{style}{word}{END}" if style else word
        used += width(word)
        empty = empty and blank
    yield current.rstrip()


def _words(line: str, *, styled: bool) -> Iterator[tuple[str, str]]:
    for token in _TOKENS.split(line):
        words, style = _token(token)
        if style == CODE and not styled and not _SPEAKS_FOR_ITSELF.search(words):
            words = f"“{words}”"
        for word in re.split(r"(\s+)", words):
            if word:
                yield word, style if styled else ""


def _token(token: str) -> tuple[str, str]:
    if not _TOKENS.fullmatch(token):
        return token, ""
    if token.startswith("**"):
        return token[2:-2].replace("`", ""), BOLD
    if token.startswith("`"):
        return token[1:-1], CODE
    if token.startswith("<@"):
        return f"@{token[2:-1]}", BOLD
    if token.startswith("["):
        label, _, url = token[1:-1].partition("](")
        return f"{label} ({url})", ""
    return token[1:-1], ITALIC
