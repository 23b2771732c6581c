"""Pictures of every page, narrow and wide, light and dark: `make web-looks ARGS=folder`.

They're for looking at, for the README and the guides; nothing compares them.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web.browser import chromium
from tests.web.scenes import HASH
from tests.web.showroom import showroom

SIZES = {"phone": (390, 844), "desk": (1440, 900)}
PAGES = {
    "now": "/", "runs": "/runs", "run": "/runs/run_blog", "plan": f"/plans/{HASH}",
    "chat": "/chat/ses_1", "chat-new": "/chat", "agents": "/agents", "agent": "/agents/gemini",
    "money": "/money", "schedules": "/schedules", "templates": "/templates",
    "template": "/templates/blog-post", "knowledge": "/knowledge", "audit": "/audit",
    "settings": "/settings", "builder": "/builder/blog-post", "more": "/more", "missing": "/nowhere", "login": "/login?code=x",
}  # fmt: skip
ONLY = {
    "empty": ("now", "runs", "agents", "money", "schedules", "templates", "knowledge", "chat-new"),
    "crowded": ("now", "run"),
}


def shoot(browser: Browser, folder: Path, wanted: set[str]) -> None:
    """Write a PNG of each page in each size and scheme."""
    for scene in ("full", *ONLY):
        with showroom(scene) as room:
            for size, (width, height) in SIZES.items():
                for scheme in ("light", "dark"):
                    if scene != "full" and scheme == "dark":
                        continue
                    context = browser.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme=scheme,
                        device_scale_factor=1,
                        is_mobile=size == "phone",
                        has_touch=size == "phone",
                        reduced_motion="reduce",
                    )
                    page = context.new_page()
                    for name in ONLY.get(scene, PAGES):
                        if wanted and name not in wanted:
                            continue
                        page.goto(room.url + PAGES[name])
                        page.locator("h1:visible").first.wait_for()
                        page.wait_for_load_state("load")
                        page.locator(".wait").first.wait_for(state="detached")
                        page.screenshot(
                            path=folder / f"{scene}-{name}-{size}-{scheme}.png", full_page=True
                        )
                    context.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        shoot(chromium(playwright), target, set(sys.argv[2:]))
