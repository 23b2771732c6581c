"""The planning graph: stages in order, one question node, checkpoints that outlive a restart.

understand → recall → draft → compile → (repair, once) → gaps → ask? → estimate
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from memory.model.errors import StorageTrouble
from planner import stages
from planner.stages import Slots, Work

KEPT_DAYS = 30
"""How long an unanswered question keeps its checkpoint; later the request is planned anew."""

Stage = Callable[[Slots, Work], Awaitable[dict[str, object]]]


class PlanningGraph:
    """Runs plans in the making, each under its own thread id, and forgets those that are done."""

    def __init__(self, saver: BaseCheckpointSaver[Any]) -> None:
        self._saver = saver
        self._graph = _build().compile(checkpointer=saver)

    async def start(self, thread: str, words: str, work: Work) -> Slots:
        """Plan from the beginning, up to a plan, a question or a refusal."""
        return await self._run(thread, stages.fresh(words), work)

    async def resume(self, thread: str, words: str, work: Work) -> Slots | None:
        """Go on after a question; None where nothing waits for an answer to these words."""
        with _in_plain_words():
            state = await self._graph.aget_state(_config(thread))
        if "ask" not in state.next or state.values.get("words") != words:
            return None
        answers = {answer.slot: answer.value for answer in work.request.answers}
        return await self._run(thread, Command(resume=answers), work)

    async def forget(self, thread: str) -> None:
        """Drop the checkpoints of a plan in the making."""
        await self._saver.adelete_thread(thread)

    async def prune(self, now: datetime) -> int:
        """Drop checkpoints nobody came back to; returns how many threads that was."""
        oldest = (now - timedelta(days=KEPT_DAYS)).isoformat()
        newest: dict[str, str] = {}
        async for saved in self._saver.alist(None):
            thread = str(saved.config["configurable"]["thread_id"])
            newest[thread] = max(newest.get(thread, ""), str(saved.checkpoint["ts"]))
        stale = [thread for thread, at in newest.items() if at < oldest]
        for thread in stale:
            await self._saver.adelete_thread(thread)
        return len(stale)

    async def _run(self, thread: str, given: Slots | Command[Any], work: Work) -> Slots:
        with _in_plain_words():
            values: Any = await self._graph.ainvoke(
                given, _config(thread), context=work, durability="exit"
            )
            if values["plan"] or values["declined"]:
                await self.forget(thread)
        slots: Slots = values
        return slots


@asynccontextmanager
async def open_graph(checkpoints: Path | str) -> AsyncIterator[PlanningGraph]:
    """The graph over its checkpoints: a file, or the URL of a Postgres."""
    # Strict: a checkpoint holds plain data; anything else in it is not brought to life.
    serde = JsonPlusSerializer(allowed_msgpack_modules=None)
    if isinstance(checkpoints, Path):
        import aiosqlite  # noqa: PLC0415 - one of two back ends
        from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver  # noqa: PLC0415 - only the one in use

        checkpoints.parent.mkdir(parents=True, exist_ok=True)
        async with aiosqlite.connect(checkpoints) as connection:
            await connection.execute("PRAGMA busy_timeout=15000")
            file_saver = AsyncSqliteSaver(connection, serde=serde)
            await file_saver.setup()
            yield PlanningGraph(file_saver)
        return
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # noqa: PLC0415 - only the one in use
    from psycopg.rows import dict_row  # noqa: PLC0415 - only the one in use
    from psycopg_pool import AsyncConnectionPool  # noqa: PLC0415 - only the one in use

    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    async with AsyncConnectionPool(
        checkpoints, min_size=1, max_size=4, kwargs=options, open=False
    ) as pool:
        saver = AsyncPostgresSaver(pool, serde=serde)  # type: ignore[arg-type] # rows are dicts
        await saver.setup()
        yield PlanningGraph(saver)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, psycopg.Error) as error:
        raise StorageTrouble(
            "I can't save the plan: the disk or the database refused. Run `orchestra doctor` to "
            "see why.",
            detail=str(error),
        ) from error


def _build() -> StateGraph[Slots, Work, Slots, Slots]:
    graph = StateGraph(Slots, context_schema=Work)
    named: dict[str, Stage] = {
        "understand": stages.understand,
        "look_up": stages.recall,
        "write": stages.draft,
        "compile": stages.compiled,
        "repair": stages.repair,
        "give_up": stages.give_up_on_model,
        "weigh": stages.gaps,
        "estimate": stages.estimated,
    }
    for name, stage in named.items():
        graph.add_node(name, _node(stage))
    graph.add_node("ask", _ask)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", _unless_declined("look_up"), ["look_up", END])
    graph.add_edge("look_up", "write")
    for name in ("write", "repair", "give_up"):
        graph.add_conditional_edges(name, _unless_declined("compile"), ["compile", END])
    graph.add_conditional_edges("compile", _after_compile, ["repair", "give_up", "weigh", END])
    graph.add_conditional_edges("weigh", _after_weighing, ["ask", "estimate", END])
    graph.add_edge("ask", "write")
    graph.add_edge("estimate", END)
    return graph


def _node(stage: Stage) -> Callable[..., Awaitable[dict[str, object]]]:
    async def run(state: Slots, runtime: Runtime[Work]) -> dict[str, object]:
        return await stage(state, runtime.context)

    return run


async def _ask(state: Slots, runtime: Runtime[Work]) -> dict[str, object]:
    """Stop for a person. Runs again from its top on resume, so nothing happens before."""
    number = state["rounds"] + 1
    interrupt({"id": f"{runtime.context.request.request}:{number}"})
    return {"rounds": number}


def _unless_declined(then: str) -> Callable[[Slots], str]:
    def route(state: Slots) -> str:
        return END if state["declined"] else then

    return route


def _after_compile(state: Slots) -> str:
    if state["declined"]:
        return END
    if not state["problems"]:
        return "weigh"
    return "give_up" if state["repairs"] else "repair"


def _after_weighing(state: Slots) -> str:
    if state["declined"]:
        return END
    return "ask" if state["questions"] else "estimate"


def _config(thread: str) -> Any:
    return {"configurable": {"thread_id": thread}}
