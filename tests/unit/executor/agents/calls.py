"""Calls of agents, naming only what matters to a test."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from executor.egress.files import ProjectFiles
from executor.port import Agent, Call
from memory.model.base import ProjectId, TaskKey
from memory.model.work.graph import Task
from memory.model.work.value import File, Table, Text

SALES = b"""order_date,region,product,units,revenue
2026-07-01,North,Tea,3,10.10
2026-07-02,South,Mug,1,5.00
2026-07-03,North,Mug,2,20.20
"""


def call(root: Path, *, timeout_s: float = 20, instruction: str = "", **inputs: object) -> Call:
    said: list[str] = []
    task = Task(
        key=TaskKey("t"), title="The task", type="general", agent="any", instruction=instruction
    )
    made = Call(
        project=ProjectId("p"), task=task, inputs=inputs, files=ProjectFiles(root),  # type: ignore[arg-type]
        effect_key="run:t:1", timeout_s=timeout_s, say=said.append,
    )  # fmt: skip
    object.__setattr__(made, "said", said)
    return made


async def table_of(agent: Agent, root: Path, **inputs: object) -> Table:
    value = (await agent.run(call(root, **inputs))).value
    assert isinstance(value, Table)
    return value


async def text_of(agent: Agent, root: Path, **inputs: object) -> str:
    value = (await agent.run(call(root, **inputs))).value
    assert isinstance(value, Text)
    return value.text


async def file_of(agent: Agent, root: Path, **inputs: object) -> File:
    value = (await agent.run(call(root, **inputs))).value
    assert isinstance(value, File)
    return value


def table(*rows: tuple[object, ...], columns: tuple[str, ...] = ("region", "revenue")) -> Table:
    return Table(columns=columns, rows=rows, total_rows=len(rows))  # type: ignore[arg-type]


async def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for a condition. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)
