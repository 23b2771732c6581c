"""Whether one person's pile of long messages delays another's first answer: the whole program, offline."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from bot.app import App
from bot.chat import Incoming
from bot.config.settings import Settings
from bot.wiring import build
from memory.model.identity import Identity, ThreadRef
from memory.model.timing.clock import SystemClock
from tests.benchmarks.chat import Timed
from tests.benchmarks.figures import Figure

PILE = 1_000
LONG = (
    "Please read the notes of our {n}. meeting and tell me which of the decisions still hold. ",
    "We spoke about the figures of the north, the south and about order {n}, which came late. ",
    "Then somebody asked whether the report has to be sent before Friday, and nobody knew. ",
)
CHARS = (3_900, 7_900)
"""Just short of where a person's texts are read one after the other, and of where none is read."""
QUESTION = "what is the total revenue in sales.csv?"
ASKED = 30
EVERY_S = 0.2
MOST_MS = 200


async def measure() -> tuple[Figure, ...]:
    """Bo's questions while nobody else speaks, then while Ana's messages are being worked on."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "work"
        workspace.mkdir()
        platform = Timed()
        settings = Settings(
            data=Path(folder) / "data", workspace=workspace, ollama_url="", pace_s=0.0, quotas={}
        )
        async with build(settings, platforms=[platform]) as app:
            await app.receive(_said("bo", "first", QUESTION))
            await app.settled()
            for project in workspace.iterdir():
                if project.is_dir():
                    shutil.copy("deploy/examples/sales/sales.csv", project)
            await _asked(app, platform, "warm-up")
            quiet = await _asked(app, platform, "quiet")
            pile = asyncio.create_task(_poured(app))
            crowded = await _asked(app, platform, "crowded")
            left = PILE - sum(name.startswith("ana") for name in platform.first_words)
            pile.cancel()
    return (
        Figure("crowd", "first answer, p50, nobody else", _p(quiet, 50), "ms"),
        Figure("crowd", f"first answer, p50, beside {PILE} long messages", _p(crowded, 50), "ms"),
        Figure(
            "crowd", "later than alone, p50", _p(crowded, 50) - _p(quiet, 50), "ms", most=MOST_MS
        ),
        Figure("crowd", "later than alone, p90", _p(crowded, 90) - _p(quiet, 90), "ms"),
        Figure("crowd", "of the pile, left at the end", left, "", least=1),
    )


async def _poured(app: App) -> None:
    """All at once, each in a thread of its own."""
    for number in range(PILE):
        words = "".join(line.format(n=number) for line in LONG)
        chars = CHARS[number % len(CHARS)]
        await app.receive(_said("ana", f"ana-{number}", (words * 40)[:chars]))


async def _asked(app: App, platform: Timed, name: str) -> list[float]:
    """How long each of Bo's questions waited for its first words, in ms."""
    sent: dict[str, float] = {}
    for number in range(ASKED):
        thread = f"bo-{name}-{number}"
        sent[thread] = time.perf_counter()
        await app.receive(_said("bo", thread, QUESTION))
        await asyncio.sleep(EVERY_S)
    async with asyncio.timeout(60):
        while not sent.keys() <= platform.first_words.keys():
            await asyncio.sleep(0.01)
    return [(platform.first_words[thread] - at) * 1000 for thread, at in sent.items()]


def _said(person: str, thread: str, text: str) -> Incoming:
    return Incoming(
        event_id=thread,
        kind="message",
        thread=ThreadRef(platform="testchat", workspace="w", channel="bench", thread=thread),
        author=Identity(platform="testchat", workspace="w", user_id=person, display=person),
        message=thread,
        text=text,
        at=SystemClock().now(),
    )


def _p(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1]
