"""The fonts pictures are drawn with: DejaVu Sans, which comes with matplotlib."""

from importlib.util import find_spec
from pathlib import Path

FAMILY = "DejaVu Sans"
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


def system_fonts() -> tuple[Path, ...]:
    """Folders of the system's own fonts, for scripts DejaVu has no letters for."""
    usual = (
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/System/Library/Fonts",
    )
    return tuple(folder for name in usual if (folder := Path(name)).is_dir())
