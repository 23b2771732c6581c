"""What a program needed and may not see, from what it complains of."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_COMPLAINT: Final = re.compile(
    r"denied|no such file|not found|can.?t (?:open|read|load|find)|cannot (?:open|read|load|find)",
    re.IGNORECASE,
)
_PATH: Final = re.compile(r"(?<![\w.])(/[\w.+@~-]+(?:/[\w.+@~-]+)+)")
LINES: Final = 50


def out_of_reach(errors: str, seen: Sequence[Path]) -> Path | None:
    """The first file or folder of this machine that a line complains of and nothing of `seen` holds."""
    for line in errors.splitlines()[-LINES:]:
        for found in _PATH.findall(line) if _COMPLAINT.search(line) else ():
            path = Path(found)
            if path.exists() and not any(path.is_relative_to(known) for known in seen):
                return path
    return None
