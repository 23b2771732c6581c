"""The same request in the same situation is drafted once; in any other it's drafted anew."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from memory.model.agents.spec import Catalogue
from memory.model.base import ProjectId
from memory.model.work.rule import Rule, RuleKind
from planner.llms.repeats import Repeat, Repeats
from planner.port import PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.fakes.model import Data, FakeModel
from tests.unit.planner.test_looking import Eyes
from tests.unit.planner.test_service import draft, endpoint
from tests.unit.planner.world import KIM, NOW, ask, describe, folder

TOTAL = "Load sales.csv and total the revenue"
RULE = Rule(id="r", project=ProjectId("p1"), kind=RuleKind.FACT, text="We sell tea", at=NOW)


def other(**fields: object) -> Callable[[PlanRequest], PlanRequest]:
    return lambda request: request.model_copy(update={"request": "req_2", **fields})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return folder(tmp_path / "work")


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (other(), True),
        (other(text="load sales.csv  and total the revenue."), True),
        (other(text="Could you please load sales.csv and total revenue"), True),
        (other(text="Load sales.csv and count the revenue"), False),
        (other(now=NOW + timedelta(hours=2)), True),
        (other(text="Load sales.csv and total the Revenue"), False),
        (other(project=ProjectId("p2")), False),
        (other(author=KIM), False),
        (other(preferences={"x": "y"}), False),
        (other(taught=(RULE,)), False),
        (other(now=NOW + timedelta(days=1)), False),
    ],
)
async def test_only_the_same_request_in_the_same_situation_is_a_repeat(
    change: Callable[[PlanRequest], PlanRequest], again: bool, tmp_path: Path, clock: SetClock,
    root: Path,
) -> None:  # fmt: skip
    request = ask(TOTAL, describe(root, "sales.csv"))
    async with FakeModel() as model:
        model.default = Data(draft())
        end = endpoint(model, provider="x")
        async with Planner(tmp_path / "p.db", (end,), None, None, clock, Eyes(root)) as planner:
            first = await planner.plan(request)
            second = await planner.plan(change(request))
    assert isinstance(first, Ready)
    assert isinstance(second, Ready)
    assert (len(model.chats) == 1) is again
    assert any("Planned as before" in remark for remark in second.remarks) is again
    if again:
        assert second.plan.graph == first.plan.graph


async def test_it_is_known_after_a_restart(tmp_path: Path, clock: SetClock, root: Path) -> None:
    request = ask(TOTAL, describe(root, "sales.csv"))
    async with FakeModel() as model:
        model.default = Data(draft())
        end = endpoint(model, provider="x")
        for change in (other(), other(project=ProjectId("p2"))):
            async with Planner(tmp_path / "p.db", (end,), None, None, clock, Eyes(root)) as planner:
                await planner.plan(request)
                await planner.plan(change(request))
    assert len(model.chats) == 2


@pytest.mark.parametrize(
    "text", ["Copy a.txt to b.txt", "Sort by price, then name", "Show the top 5 of sales.csv"]
)
async def test_order_and_numbers_make_another_request(text: str) -> None:
    known: dict[str, str] = {}

    class InMemory:
        async def find(self, project: ProjectId, key: str) -> str:
            return known.get(f"{project}/{key}", "")

        async def keep(self, project: ProjectId, key: str, text: str, *, for_s: int) -> None:
            known[f"{project}/{key}"] = text

    repeats = Repeats(InMemory())
    await repeats.keep(ask(text), "here", Repeat("draft", "model"))
    again = ask(f"please {text[:1].lower()}{text[1:]}")
    assert await repeats.find(again, "here") == Repeat("draft", "model")
    assert await repeats.find(again, "elsewhere") is None
    words = text.split()
    swapped = ask(" ".join([words[0], words[3], *words[2:3], words[1], *words[4:]]))
    assert await repeats.find(swapped, "here") is None


async def test_another_catalogue_or_other_contents_of_a_file_are_another_situation(
    tmp_path: Path, clock: SetClock, root: Path
) -> None:
    request = ask(TOTAL, describe(root, "sales.csv"))
    async with FakeModel() as model:
        model.default = Data(draft())
        end = endpoint(model, provider="x")
        async with Planner(tmp_path / "p.db", (end,), None, None, clock, Eyes(root)) as planner:
            await planner.plan(request)
            data = (root / "sales.csv").read_bytes()
            (root / "sales.csv").write_bytes(data.replace(b"1", b"2"))
            await planner.plan(request)
            assert len(model.chats) == 2
            fewer = Catalogue(agents=request.catalogue.agents[:-1])
            await planner.plan(request.model_copy(update={"catalogue": fewer}))
            assert len(model.chats) == 3
