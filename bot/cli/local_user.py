"""Who sits at the terminal."""

import getpass


def login() -> str:
    """The login name, or "you" where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "you"
