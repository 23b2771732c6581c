"""Pictures drawn inside the terminals that can (kitty's and iTerm2's protocols)."""

import base64
import struct
from itertools import count
from typing import Final

CHUNK: Final = 4096
_KITTY: Final = ("kitty", "ghostty")
_ITERM: Final = ("iterm", "wezterm")


def protocol(program: str) -> str:
    """ "kitty", "iterm" or "" for what the terminal calls itself (TERM_PROGRAM or TERM)."""
    name = program.casefold()
    if any(terminal in name for terminal in _KITTY):
        return "kitty"
    return "iterm" if any(terminal in name for terminal in _ITERM) else ""


def inline_picture(png: bytes, how: str, *, columns: int) -> str:
    """The escape sequence that shows the PNG in at most so many columns, "" if it cannot."""
    wide = picture_width(png)
    if not how or not wide:
        return ""
    cells = min(columns, max(wide // 16, 10))  # a cell is about 8 px, and pictures are drawn at 2×
    data = base64.b64encode(png).decode()
    if how == "iterm":
        return f"\x1b]1337;File=inline=1;width={cells};preserveAspectRatio=1:{data}\x07"
    parts = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    return "".join(
        f"\x1b_G{f'a=T,f=100,c={cells},' if number == 0 else ''}"
        f"m={int(number < len(parts) - 1)};{part}\x1b\\"
        for number, part in zip(count(), parts, strict=False)
    )


def picture_width(png: bytes) -> int:
    """The width a PNG's header states, 0 for what is not a PNG."""
    if len(png) < 24 or not png.startswith(b"\x89PNG\r\n\x1a\n"):
        return 0
    (wide,) = struct.unpack(">I", png[16:20])
    return int(wide)
