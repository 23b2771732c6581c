"""The fonts pictures are drawn with: DejaVu Sans, which comes with matplotlib."""

from importlib.util import find_spec
from pathlib import Path

FAMILY = "DejaVu Sans"
SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
EAST_ASIAN = ("cjk", "wqy", "droidsansfallback", "ipag", "pingfang", "hiragino", "nanum", "unifont")
FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


def font_files() -> tuple[Path, ...]:
    """The font files that are there; empty where matplotlib was taken away.

    matplotlib itself is not imported: it would take half a second.
    """
    spec = find_spec("matplotlib")
    places = spec.submodule_search_locations if spec is not None else None
    for place in places or ():
        folder = Path(place) / "mpl-data" / "fonts" / "ttf"
        return tuple(folder / name for name in FILES if (folder / name).is_file())
    return ()


def covers_east_asia() -> bool:
    """Whether the system seems to have letters for Chinese, Japanese, Korean and the like."""
    return any(
        mark in path.name.casefold()
        for folder in SYSTEM
        if Path(folder).is_dir()
        for path in Path(folder).rglob("*.[ot]t[fc]")
        for mark in EAST_ASIAN
    )
