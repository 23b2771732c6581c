"""Where the browser is. It's Debian's: playwright's own download isn't needed."""

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def program() -> str | None:
    """The path of a Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def chromium(playwright: Playwright) -> Browser:
    """A headless Chromium. Raises LookupError where there's none."""
    path = program()
    if path is None:
        raise LookupError("No Chromium here: apt-get install chromium")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
