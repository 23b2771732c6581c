"""What is kept of past plans over a restart, and what a change makes anew."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from memory.model.agents.spec import AgentSpec
from memory.recall.port import Vector
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from planner.catalogue.learning import Learning
from planner.catalogue.learnt.fits import Fits, key_of
from planner.catalogue.meanings import Meanings
from planner.evaluation import plans as evaluation
from planner.evaluation.cases import Case
from planner.experience.backing import Backing
from planner.experience.past import Experience, Fit, PastPlan
from planner.experience.tools import ToolCard
from tests.unit.planner.world import ask, tool

CARDS = [
    ToolCard(id=f"{thing}_{deed}", desc=f"{deed} a {thing}")
    for thing in ("hall", "ferry", "letter", "garden", "piano")
    for deed in ("booking", "query")
]
PAST = [
    PastPlan(request=f"please do case {n} of the {card.id.split('_')[0]}", nodes=(card.id,))
    for n in range(40)
    for card in CARDS
]


class Counting:
    """An embedder that counts what it was given."""

    name, dims, floor, wordless_floor = "counting-1", 4, 0.2, 0.2

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.seen += texts
        return [[1.0, 0.0, 0.0, 0.0] for _ in texts]


def specs(*, changed: str = "") -> tuple[AgentSpec, ...]:
    return tuple(
        tool(card.id, description=f"{card.desc}, too" if card.id == changed else card.desc)
        for card in CARDS
    )


def test_a_kept_fit_is_taken_again_and_predicts_the_same(tmp_path: Path) -> None:
    first = Experience(CARDS, PAST)
    Fits(tmp_path).keep("k", first.fit)
    kept = Fits(tmp_path).read("k")
    assert kept is not None
    again = Experience(CARDS, PAST, fit=kept)
    assert again.fit is kept
    words = "please do case 3 of the ferry"
    assert again.plan(words) == first.plan(words)


def test_a_fit_of_other_plans_or_a_broken_file_is_made_again(tmp_path: Path) -> None:
    other = Fit(np.zeros((3, 2), np.float32), np.zeros(2, np.float32), Backing())
    assert Experience(CARDS, PAST, fit=other).fit is not other
    (tmp_path / "k.npz").write_bytes(b"no archive")
    assert Fits(tmp_path).read("k") is None
    assert key_of(PAST, "") != key_of(PAST[1:], "")
    assert key_of(PAST, "") != key_of(PAST, "minilm")


def test_only_the_newest_fits_stay(tmp_path: Path) -> None:
    fit = Fit(np.zeros((1, 1), np.float32), np.zeros(1, np.float32), Backing())
    for number in range(12):
        Fits(tmp_path).keep(str(number), fit)
    assert len(list(tmp_path.glob("*.npz"))) < 12


@asynccontextmanager
async def opened(folder: Path, embedder: Counting) -> AsyncIterator[Learning]:
    database = Database(database_url(folder))
    await schema.upgrade(database)
    learning = Learning(database, Meanings(lambda: embedder, folder), folder)
    try:
        yield learning
    finally:
        await asyncio.to_thread(learning.close)
        await database.close()


async def test_a_changed_description_is_the_only_one_read_again(tmp_path: Path) -> None:
    embedder = Counting()
    request = ask("-")
    async with opened(tmp_path, embedder) as learning:
        await learning.of(request, specs(), wait=True)
        before = len(embedder.seen)
        await learning.of(request, specs(changed="ferry_query"), wait=True)
        assert len(embedder.seen) == before + 1
        learnt = await learning.of(request, specs(changed="ferry_query"))
        assert learnt.alike is not None


async def test_what_was_learnt_is_read_after_a_restart(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    case = Case(id="1", request="please do case 3 of the ferry")
    found = []
    for _ in range(2):
        async with evaluation.opened(CARDS, PAST, cache) as planner:
            found.append(await planner.predict(case))
    kept = {path.stat().st_mtime_ns for path in cache.glob("*.npz")}
    assert len(kept) == len(list(cache.glob("*.npz"))) >= 1
    assert found[0].nodes == found[1].nodes != ()


async def test_the_tools_that_fit_a_request_come_first() -> None:
    many = tuple(tool(f"thing_{n}_query", description=f"Looks up thing {n}") for n in range(200))
    learning = Learning(None, Meanings(lambda: None, None))
    found = await learning.nearest((*many, *specs()), ["book the ferry, then see the hall"], 10)
    learning.close()
    assert len(found) == 10
    assert {"ferry_booking", "hall_query"} <= set(found)
