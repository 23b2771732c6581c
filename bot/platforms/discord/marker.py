"""How a message of ours is known again: its key, written so that nobody sees it.

A nonce makes Discord refuse a repeat for a few minutes, but REST does not give nonces back, and
after a restart minutes have passed. Buttons could bear the key in their custom ids, but not every
message has buttons, and a footer would be read by people. So each message ends in 24 invisible
characters: 48 bits of the key's SHA-256 in the four invisible operators U+2061–U+2064, which
are no white space and therefore not trimmed. A part that is continued has U+200B before them.
"""

from typing import Final

from memory.model.base import sha256

_SIGNS: Final = "\u2061\u2062\u2063\u2064"
_CONTINUED: Final = "\u200b"
LENGTH: Final = 25
"""Characters to keep free in a message."""


def nonce(key: str) -> str:
    """The key as Discord's nonce, of at most 25 characters."""
    return sha256(key.encode())[:24]


def mark(key: str, *, continued: bool = False) -> str:
    """The invisible ending of the message with this key."""
    bits = int(sha256(key.encode())[:12], 16)
    signs = "".join(_SIGNS[bits >> shift & 3] for shift in range(46, -2, -2))
    return _CONTINUED + signs if continued else signs


def is_marked(content: str, key: str) -> bool:
    """Whether the message was sent with this key."""
    return content.endswith(mark(key)) and not is_continued(content)


def is_continued(content: str) -> bool:
    """Whether the message is a part that another of ours continues."""
    body = content.rstrip(_SIGNS)
    return body != content and body.endswith(_CONTINUED)


def unmarked(content: str) -> str:
    """The content as people see it."""
    return content.rstrip(_SIGNS).removesuffix(_CONTINUED)
