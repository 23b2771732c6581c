"""Named crash points (law 16): nothing in production, a kill in the restart tests."""

from collections.abc import Callable

CRASH_POINTS: set[str] = set()
"""Every name a module has declared; the restart tests enumerate it."""

_armed: dict[str, Callable[[], None]] = {}


def declare(*names: str) -> None:
    """Make the names known; call it at module level beside the code that has the points."""
    CRASH_POINTS.update(names)


def crashpoint(name: str) -> None:
    """Die here if a restart test armed this name."""
    action = _armed.get(name)
    if action is not None:
        action()


def arm(name: str, action: Callable[[], None]) -> None:
    """For restart tests: do `action` when the point is passed. Raises KeyError if undeclared."""
    if name not in CRASH_POINTS:
        raise KeyError(name)
    _armed[name] = action
