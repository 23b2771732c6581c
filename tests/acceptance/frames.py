"""Where a conversation stands when something is said: brought about by talking to the bot."""

import shutil
from pathlib import Path

from memory.model.work.run import RunState
from tests.acceptance.asked import questions
from tests.acceptance.bench import Room

SALES = Path(__file__).parents[2] / "deploy" / "examples" / "sales" / "sales.csv"
PLANS = ("visits per source in traffic.csv, and chart it", "total visits by source in traffic.csv")
ASKS = (
    "Load sales.csv, total the turnover by region",
    "total the outcome by region in sales.csv",
    "total the figure by region in sales.csv",
)
CHECKED = ("visits per source in traffic.csv, ask @kim to check the numbers",)


class FrameTrouble(AssertionError):
    """The frame could not be brought about."""


async def bring(room: Room, frame: str) -> None:
    """Talk until the frame stands. Raises FrameTrouble."""
    match frame:
        case "none":
            return
        case "plan":
            await _plan(room, PLANS)
        case "questions":
            shutil.copy(SALES, room.files)
            for words in ASKS:
                await room.say(words)
                if await questions(room):
                    return
            raise FrameTrouble(f"no question is open in {room.name}")
        case "active" | "result":
            await _plan(room, CHECKED if frame == "active" else PLANS)
            await room.approve()
            run = await room.run()
            wanted = RunState.RUNNING if frame == "active" else RunState.SUCCEEDED
            if run is None or run.state is not wanted:
                raise FrameTrouble(f"the run of {room.name} is {run.state if run else 'not there'}")


async def _plan(room: Room, tries: tuple[str, ...]) -> None:
    for words in tries:
        await room.say(words)
        if await room.plan() is not None:
            return
    raise FrameTrouble(f"no plan in {room.name}")
