"""`python -m tests.pictures`: draw deploy/pictures/plan-in-slack.png again.

The whole program plays the sales example offline, in a Slack workspace on loopback: real planner,
real adapter, real Block Kit. What arrives there is shown as a page and photographed by Chromium
(apt install chromium fonts-lato fonts-noto-color-emoji).
"""

import asyncio
import io
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops

from bot.config.settings import ProjectSettings, Settings
from bot.platforms.slack.adapter import Slack
from bot.wiring import build
from memory.model.timing.clock import SystemClock
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import TEAM, Workspace, open_workspace
from tests.pictures.slack_page import page

DEPLOY = Path(__file__).parents[2] / "deploy"
PICTURE = DEPLOY / "pictures" / "plan-in-slack.png"
WIDTH, HIGHEST, SHARPNESS, COLOURS = 480, 2000, 2, 128
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WITHIN_S = 60


async def thread() -> str:
    """The page of the thread, up to the plan that waits for its approver."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "sales"
        root.mkdir()
        shutil.copy(DEPLOY / "examples" / "sales" / "sales.csv", root)
        async with open_workspace() as workspace:
            channel = workspace.channel("sales")
            bo = workspace.user("bo")
            project = ProjectSettings(
                name="sales",
                root=root,
                channels=(channel.id,),
                owners=(f"slack:{TEAM}:{bo.id}",),
                requester_may_approve=False,
            )
            settings = Settings(
                data=Path(folder) / "data", workspace=root, ollama_url="", projects=(project,)
            )
            slack = Slack(workspace.settings, SystemClock())
            async with build(settings, platforms=(slack,)) as app:
                await workspace.wait_for(lambda: workspace.sockets.connected)
                # People are called by their names once the bot has met them.
                workspace.say(bo, "help", channel=channel)
                await workspace.settled()
                await app.settled()
                return await _until_planned(workspace, channel.name)


async def _until_planned(workspace: Workspace, channel: str) -> str:
    where = next(place for place in workspace.state.channels.values() if place.name == channel)
    request = (DEPLOY / "examples" / "sales" / "demo.txt").read_text().splitlines()[0]
    words = workspace.say(workspace.user("ana"), request, channel=where)

    def having(label: str) -> Message | None:
        replies = workspace.from_bot(where, words.ts)
        return next((reply for reply in replies if label in _labels(reply)), None)

    question = await workspace.wait_for(lambda: having("revenue"), within_s=WITHIN_S)
    await workspace.click(workspace.user("ana"), question, "revenue")
    plan = await workspace.wait_for(lambda: having("✅ Run"), within_s=WITHIN_S)
    await workspace.wait_for(lambda: len(plan.reactions) == 1, within_s=WITHIN_S)
    state = workspace.state
    return page([words, question, plan], state.users, state.files, channel=channel, width=WIDTH)


def _labels(message: Message) -> list[str]:
    return [button["text"]["text"] for button in message.buttons]


def browser() -> str:
    """Chromium, "" where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


async def photograph(
    html: str, *, width: int = WIDTH, highest: int = HIGHEST, sharpness: int = SHARPNESS
) -> bytes:
    """The page as a PNG, cut where it ends. Needs Chromium."""
    if not browser():
        sys.exit("There's no Chromium here. Install it (apt install chromium) and try again.")
    with TemporaryDirectory() as folder:
        source, shot = Path(folder) / "page.html", Path(folder) / "page.png"
        source.write_text(html)
        process = await asyncio.create_subprocess_exec(
            browser(),
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
            f"--force-device-scale-factor={sharpness}",
            f"--window-size={width},{highest}",
            f"--screenshot={shot}",
            source.as_uri(),
            stderr=asyncio.subprocess.DEVNULL,
        )
        await process.wait()
        with Image.open(shot) as taken:
            return _trimmed(taken.convert("RGB"))


def _trimmed(picture: Image.Image) -> bytes:
    paper = Image.new(
        "RGB", picture.size, picture.getpixel((picture.width - 1, picture.height - 1))
    )
    box = ImageChops.difference(picture, paper).getbbox()
    bottom = box[3] if box else picture.height
    small = picture.crop((0, 0, picture.width, bottom)).quantize(COLOURS, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def main() -> None:
    """Draw the picture; with a path, keep the page there too."""
    html = asyncio.run(thread())
    for path in sys.argv[1:]:
        Path(path).write_text(html)
    data = asyncio.run(photograph(html))
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(data)
    print(f"{PICTURE} ({len(data) // 1000} KB)")


if __name__ == "__main__":
    main()
