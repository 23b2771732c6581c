"""The same thousand no-op tasks without an executor: plain asyncio, and LangGraph on SQLite."""

import asyncio
import operator
import tempfile
import time
from pathlib import Path
from typing import Annotated, TypedDict

from tests.benchmarks.figures import Figure
from tests.benchmarks.flows import PER_RUN, RUNS, WIDTH, fresh, noop


async def measure() -> tuple[Figure, ...]:
    """Tasks per second. Neither reference has a queue, money, an audit or a second worker."""
    plain = await _plain()
    with tempfile.TemporaryDirectory() as folder:
        graph = await _langgraph(Path(folder) / "checkpoints.db")
    async with fresh("sqlite") as (database, folder_, _):
        own = await noop(database, folder_)
    return (
        Figure("engine", "plain asyncio, nothing kept", plain, "tasks/s"),
        Figure("engine", "LangGraph + SqliteSaver", graph, "tasks/s"),
        Figure("engine", "executor beside LangGraph, sqlite", own, "tasks/s", against=graph),
    )


async def _plain() -> float:
    async def run() -> None:
        await _nothing()
        async with asyncio.TaskGroup() as group:
            for _ in range(WIDTH):
                group.create_task(_nothing())
        await _nothing()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(RUNS):
            group.create_task(run())
    return RUNS * PER_RUN / (time.perf_counter() - began)


async def _nothing() -> None:
    await asyncio.sleep(0)


class _State(TypedDict):
    done: Annotated[list[str], operator.add]


async def _langgraph(path: Path) -> float:
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
    from langgraph.graph import END, START, StateGraph

    async def nothing(state: _State) -> _State:
        del state
        await _nothing()
        return {"done": ["x"]}

    building = StateGraph(_State)
    middle = [f"m{number}" for number in range(WIDTH)]
    for key in ("first", *middle, "last"):
        building.add_node(key, nothing)
    building.add_edge(START, "first")
    for key in middle:
        building.add_edge("first", key)
    building.add_edge(middle, "last")
    building.add_edge("last", END)
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        graph = building.compile(checkpointer=saver)

        async def run(number: int) -> None:
            ended = await graph.ainvoke({"done": []}, {"configurable": {"thread_id": str(number)}})
            assert len(ended["done"]) == PER_RUN

        await run(-1)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(RUNS):
                group.create_task(run(number))
        return RUNS * PER_RUN / (time.perf_counter() - began)
