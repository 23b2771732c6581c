"""How fast a question in chat is answered: the whole program, 20 messages a second, offline."""

import asyncio
import tempfile
import time
from pathlib import Path

from bot.chat import Incoming
from bot.config.settings import Settings
from bot.wiring import build
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.timing.clock import SystemClock
from tests.benchmarks.figures import Figure
from tests.flows.platform import Posted, RecordingPlatform

PER_SECOND = 20
MESSAGES = 200
WAIT_S = 60.0
WORDS = "Load sales.csv, total the revenue by region, chart it, and write a report to reports/{}.md"


class Timed(RecordingPlatform):
    """Notes when something was first to be seen in each thread."""

    def __init__(self) -> None:
        super().__init__()
        self.first_sign: dict[str, float] = {}
        self.first_words: dict[str, float] = {}

    def _keep(self, thread: ThreadRef, *rest: object) -> MessageRef:  # type: ignore[override]
        self.first_words.setdefault(thread.thread, time.perf_counter())
        self.first_sign.setdefault(thread.thread, time.perf_counter())
        return super()._keep(thread, *rest)  # type: ignore[arg-type]

    async def react(self, message: MessageRef, emoji: str) -> None:
        self.first_sign.setdefault(message.where.thread, time.perf_counter())
        await super().react(message, emoji)


async def measure() -> tuple[Figure, ...]:
    """p95 from the moment a message is handed over to the first sign and the first words."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        workspace = base / "work"
        workspace.mkdir()
        sales = Path("deploy/examples/sales/sales.csv").read_bytes()
        platform = Timed()
        settings = Settings(data=base / "data", workspace=workspace, ollama_url="", pace_s=0.0)
        async with build(settings, platforms=[platform]) as app:
            (workspace / "sales.csv").write_bytes(sales)
            await app.receive(_message("warm-up"))
            await app.settled()
            for project in workspace.iterdir():
                if project.is_dir():
                    (project / "sales.csv").write_bytes(sales)
            sent = await _talk(app.receive)
            async with asyncio.timeout(WAIT_S):
                await app.settled()
        signs = sorted(platform.first_sign[name] - at for name, at in sent.items())
        words = sorted(platform.first_words[name] - at for name, at in sent.items())
    plans = sum(_is_plan(posted) for posted in platform.messages)
    return (
        Figure("chat", "first sign, p95 at 20/s", _p95(signs) * 1000, "ms", most=300),
        Figure("chat", "plan in the thread, p50 at 20/s", words[len(words) // 2] * 1000, "ms"),
        Figure("chat", "plan in the thread, p95 at 20/s", _p95(words) * 1000, "ms"),
        Figure("chat", "messages answered with a plan", plans, "", least=MESSAGES),
    )


async def _talk(receive: object) -> dict[str, float]:
    sent: dict[str, float] = {}
    begin = time.perf_counter()
    for number in range(MESSAGES):
        await asyncio.sleep(max(0.0, begin + number / PER_SECOND - time.perf_counter()))
        message = _message(f"t{number}")
        sent[message.thread.thread] = time.perf_counter()
        await receive(message)  # type: ignore[operator]
    return sent


def _message(thread: str) -> Incoming:
    return Incoming(
        event_id=thread,
        kind="message",
        thread=ThreadRef(platform="testchat", workspace="w", channel="bench", thread=thread),
        author=Identity(platform="testchat", workspace="w", user_id="ana", display="ana"),
        message=thread,
        text=WORDS.format(thread),
        at=SystemClock().now(),
    )


def _is_plan(posted: Posted) -> bool:
    return 'Plan "' in posted.out.text and not posted.key.endswith("warm-up")


def _p95(sorted_values: list[float]) -> float:
    return sorted_values[int(len(sorted_values) * 0.95)]
