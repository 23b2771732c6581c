"""Emoji as people type them and as platforms name them: one canonical form for each."""

import re
from typing import Final

RUN, CHANGE, DRY_RUN, DROP = "✅", "✏️", "🧪", "❌"
LIKE, DISLIKE, SEEN = "👍", "👎", "👀"
PAUSE, RESUME, STOP, AGAIN = "⏸️", "▶️", "🛑", "🔁"

NAMES: Final[dict[str, str]] = {
    "white_check_mark": "✅",
    "heavy_check_mark": "✅",
    "ballot_box_with_check": "✅",
    "check": "✅",
    "pencil2": "✏️",
    "pencil": "✏️",
    "test_tube": "🧪",
    "x": "❌",
    "negative_squared_cross_mark": "❌",
    "heavy_multiplication_x": "❌",
    "+1": "👍",
    "thumbsup": "👍",
    "-1": "👎",
    "thumbsdown": "👎",
    "eyes": "👀",
    "double_vertical_bar": "⏸️",
    "pause_button": "⏸️",
    "arrow_forward": "▶️",
    "play_button": "▶️",
    "octagonal_sign": "🛑",
    "stop_sign": "🛑",
    "repeat": "🔁",
    "arrows_counterclockwise": "🔁",
    "warning": "⚠️",
    "hourglass_flowing_sand": "⏳",
    "question": "❓",
    "tada": "🎉",
    "heart": "❤️",
    "rocket": "🚀",
}
"""Shortcode to emoji; the first name of an emoji is the one platforms are told."""

CHEERS: Final = frozenset(
    {
        "👍",
        "🎉",
        "❤️",
        "🚀",
        "🙏",
        "😀",
        "😊",
        "🙂",
        "😄",
        "👏",
        "💯",
        "🥳",
        "😍",
        "🔥",
        "💪",
        "🤝",
        "🎊",
        "✨",
    }
)
"""What people send who are pleased."""

_SAME: Final = {
    "✔": "✅",
    "☑": "✅",
    "📝": "✏️",
    "✖": "❌",
    "❎": "❌",
    "🔄": "🔁",
    "⏹": "🛑",
    "⏯": "▶️",
}
_PLAIN: Final = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_PICTURE: Final = "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u27bf\u2934-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_MARKS: Final = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
_ONE: Final = re.compile(
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3"
    f"|{_PICTURE}{_MARKS}(?:\u200d{_PICTURE}{_MARKS})*)"
)
_SHORTCODE: Final = re.compile(
    r":([a-z0-9_+\-]{1,100}):(?::skin-tone-[2-6]:)?|([a-z0-9_+\-]{1,100})::skin-tone-[2-6]",
    re.IGNORECASE,
)
"""`:+1:`, `:+1::skin-tone-3:`, and Slack's bare `+1::skin-tone-3`."""


def canonical(emoji: str) -> str:
    """The one form of an emoji: shortcodes, skin tones, variants and look-alikes made equal.

    An emoji that is not known here is given back without skin tone and variation selector.
    """
    text = emoji.strip()
    name = _SHORTCODE.fullmatch(text)
    known = NAMES.get(((name[1] or name[2]) if name else text).casefold())
    if known is not None:
        return known
    plain = _PLAIN.sub("", text)
    return _BY_PLAIN.get(plain, plain)


def shortcode(emoji: str) -> str:
    """The name Slack has for the emoji ("white_check_mark"), or "" if it is not known here."""
    wanted = canonical(emoji)
    return next((name for name, known in NAMES.items() if known == wanted), "")


def is_cheer(line: str) -> bool:
    """Whether the line is nothing but such emoji, however many."""
    rest, plain = _PLAIN.sub("", line), {_PLAIN.sub("", mark) for mark in CHEERS}
    left = "".join(letter for letter in rest if letter not in plain)
    return left != rest and not re.sub(r"[\s!.]+", "", left)


def only_emoji(line: str) -> str | None:
    """The canonical emoji if the line is one emoji (or one `:name:`) and nothing else."""
    text = line.strip()
    if len(text) > 120:  # the longest ZWJ family is far shorter
        return None
    if _SHORTCODE.fullmatch(text) or _ONE.fullmatch(text):
        return canonical(text)
    return None


_BY_PLAIN: Final = {_PLAIN.sub("", emoji): emoji for emoji in NAMES.values()} | _SAME
