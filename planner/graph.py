"""The planning graph: stages in order, one question node, checkpoints that outlive a restart.

understand → recall → (look, a few times) → draft → compile → (repair, once) → (second draft) → gaps → ask? → estimate

A plan by a model is kept after each stage, so that a restart asks and pays no model twice.
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from langgraph.cache.sqlite import SqliteCache
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.errors import NodeError, NodeTimeoutError
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from memory.model.base import ProjectId
from memory.model.errors import OrchestraError, StorageTrouble
from memory.model.text import text
from planner import looking, stages
from planner.stages import Slots, Work

_UUID_EPOCH = datetime(1582, 10, 15, tzinfo=UTC)
KEPT_DAYS = 30
"""How long an unanswered question keeps its checkpoint; later the request is planned anew."""

MODEL_S = 300.0
"""A stage that asks models: each has a time limit of its own, and there may be several."""

STAGE_S = 60.0
"""Any other stage. What takes longer hangs."""

MODEL_STAGES = frozenset({"look", "write", "repair"})

Stage = Callable[[Slots, Work], Awaitable[dict[str, object]]]
Sql = Callable[[str, tuple[str, ...]], Awaitable[int]]
"""One statement on the checkpoints, with %s for each value; returns how many rows it changed."""

log = structlog.get_logger(__name__)


class PlanningGraph:
    """Runs plans in the making, each under its own thread id, and forgets those that are done."""

    def __init__(self, saver: BaseCheckpointSaver[Any], sql: Sql, tables: Sequence[str]) -> None:
        self._saver = saver
        self._sql = sql
        self._tables = tuple(tables)
        self._graph = _build().compile(checkpointer=saver)

    async def start(self, thread: str, words: str, work: Work) -> Slots:
        """Plan from the beginning, or from the stage a restart cut off, up to an ending."""
        fresh = stages.fresh(words)
        given = fresh if work.model is None else await self._cut_off(thread, fresh)
        return await self._run(thread, given, work)

    async def _cut_off(self, thread: str, given: Slots) -> Slots | None:
        """None where a restart goes on in the middle; else what the broken try has looked at."""
        with _in_plain_words():
            state = await self._graph.aget_state(_config(thread))
        if state.values.get("words") != given["words"] or "ask" in state.next:
            return given
        log.info("planning goes on", stage=state.next)
        return None if state.next else {**given, "looked": state.values.get("looked", "")}

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
        """Drop checkpoints nobody came back to; returns how many threads that was.

        By the time in their ids (version 6): nothing is read but the index.
        """
        oldest = _id_at(now - timedelta(days=KEPT_DAYS))
        stale = (
            "SELECT thread_id FROM checkpoints GROUP BY thread_id HAVING max(checkpoint_id) < %s"
        )
        gone = 0
        with _in_plain_words():
            for table in (*self._tables, "checkpoints"):  # last: it says what is stale
                changed = await self._sql(
                    f"DELETE FROM {table} WHERE thread_id IN ({stale})",  # noqa: S608 - our tables
                    (oldest,),
                )
                gone = changed
        return gone

    async def _run(self, thread: str, given: Slots | Command[Any] | None, work: Work) -> Slots:
        with _in_plain_words():
            values: Any = await self._graph.ainvoke(
                given,
                _config(thread),
                context=work,
                durability="exit" if work.model is None else "async",
            )
            if values["plan"] or values["declined"]:
                await self.forget(thread)
            elif work.model is not None:
                await self._keep_newest(thread)
        slots: Slots = values
        return slots

    async def _keep_newest(self, thread: str) -> None:
        """Only where it stopped is gone back to."""
        newest = "SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = %s"
        for table in ("checkpoints", self._tables[0]):
            await self._sql(
                f"DELETE FROM {table} WHERE thread_id = %s AND checkpoint_id < ({newest})",  # noqa: S608 - our tables
                (thread, thread),
            )


@asynccontextmanager
async def open_graph(checkpoints: Path | str) -> AsyncIterator[PlanningGraph]:
    """The graph over its checkpoints: a file, or the URL of a Postgres."""
    serde = _serde()
    if isinstance(checkpoints, Path):
        import aiosqlite  # noqa: PLC0415 - one of two back ends
        from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver  # noqa: PLC0415 - only the one in use

        checkpoints.parent.mkdir(parents=True, exist_ok=True)
        async with aiosqlite.connect(checkpoints) as connection:
            await connection.execute("PRAGMA busy_timeout=15000")
            file_saver = AsyncSqliteSaver(connection, serde=serde)
            await file_saver.setup()

            async def in_file(statement: str, values: tuple[str, ...]) -> int:
                async with file_saver.lock:
                    done = await connection.execute(statement.replace("%s", "?"), values)
                    await connection.commit()
                return done.rowcount

            yield PlanningGraph(file_saver, in_file, ("writes",))
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

        async def in_database(statement: str, values: tuple[str, ...]) -> int:
            async with pool.connection() as connection:
                return (await connection.execute(statement, values)).rowcount

        tables = ("checkpoint_writes", "checkpoint_blobs")
        yield PlanningGraph(saver, in_database, tables)


class DraftShelf:
    """Keeps drafts in a cache of their own, a file beside the checkpoints."""

    def __init__(self, path: Path) -> None:
        self._cache: SqliteCache[str] = SqliteCache(path=str(path), serde=_serde())

    async def find(self, project: ProjectId, key: str) -> str:
        """What is kept there, "" for nothing."""
        place = ((project,), key)
        with _in_plain_words():
            return (await self._cache.aget([place])).get(place, "")

    async def keep(self, project: ProjectId, key: str, text: str, *, for_s: int) -> None:
        """Keep it for so many seconds."""
        with _in_plain_words():
            await self._cache.aset({((project,), key): (text, for_s)})


def _serde() -> JsonPlusSerializer:
    """Strict: what is stored holds plain data; anything else in it is not brought to life."""
    return JsonPlusSerializer(allowed_msgpack_modules=None)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except _refusals() as error:
        raise StorageTrouble(
            "I can't save the plan: the disk or the database refused. Run `orchestra doctor` to "
            "see why.",
            detail=str(error),
        ) from error


def _refusals() -> tuple[type[Exception], ...]:
    """What the drivers raise; looked up when something was raised, for few need Postgres' one."""
    import psycopg  # noqa: PLC0415 - see above

    return sqlite3.Error, psycopg.Error


def _build() -> StateGraph[Slots, Work, Slots, Slots]:
    graph = StateGraph(Slots, context_schema=Work)
    named: dict[str, Stage] = {
        "understand": stages.understand,
        "look_up": stages.recall,
        "look": looking.look,
        "write": stages.draft,
        "compile": stages.compiled,
        "repair": stages.repair,
        "give_up": stages.give_up_on_model,
        "second": looking.second,
        "weigh": stages.gaps,
        "estimate": stages.estimated,
    }
    for name, stage in named.items():
        if name in MODEL_STAGES:
            graph.add_node(name, _node(stage), timeout=MODEL_S, error_handler=_without_model)
        elif name == "second":
            graph.add_node(name, _node(stage), timeout=MODEL_S, error_handler=_with_one_draft)
        else:
            graph.add_node(name, _node(stage), timeout=STAGE_S)
    graph.add_node("ask", _ask)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", _unless_declined("look_up"), ["look_up", END])
    graph.add_edge("look_up", "look")
    graph.add_conditional_edges("look", _after_looking, ["look", "write", "compile", END])
    for name in ("write", "repair", "give_up"):
        graph.add_conditional_edges(name, _unless_declined("compile"), ["compile", END])
    graph.add_conditional_edges("compile", _after_compile, ["repair", "give_up", "second", END])
    graph.add_edge("second", "weigh")
    graph.add_conditional_edges("weigh", _after_weighing, ["ask", "estimate", END])
    graph.add_edge("ask", "write")
    graph.add_edge("estimate", END)
    return graph


def _node(stage: Stage) -> Callable[..., Awaitable[dict[str, object]]]:
    async def run(state: Slots, runtime: Runtime[Work]) -> dict[str, object]:
        return await stage(state, runtime.context)

    return run


async def _without_model(state: Slots, error: NodeError, runtime: Runtime[Work]) -> Command[Any]:
    """A model stage that hung or broke: the offline planner takes over. The rest is raised."""
    if isinstance(error.error, OrchestraError) or state["offline"]:
        raise error.error
    log.error("model stage failed", stage=error.node, exc_info=error.error)
    late = isinstance(error.error, NodeTimeoutError)
    why = text("No model came to an answer.") if late else text("Planning with a model failed.")
    update = await stages.offline(state, runtime.context, why)
    return Command(update=update, goto=END if update["declined"] else "compile")


async def _ask(state: Slots, runtime: Runtime[Work]) -> dict[str, object]:
    """Stop for a person. Runs again from its top on resume, so nothing happens before."""
    number = state["rounds"] + 1
    interrupt({"id": f"{runtime.context.request.request}:{number}"})
    return {"rounds": number}


async def _with_one_draft(_: Slots, error: NodeError) -> Command[Any]:
    """The second draft is not worth failing for."""
    if isinstance(error.error, OrchestraError):
        raise error.error
    log.error("second draft failed", exc_info=error.error)
    return Command(goto="weigh")


def _unless_declined(then: str) -> Callable[[Slots], str]:
    def route(state: Slots) -> str:
        return END if state["declined"] else then

    return route


def _after_looking(state: Slots) -> str:
    if state["declined"]:
        return END
    if state["looks"]:
        return "look"
    return "compile" if state["draft"] or state["problems"] else "write"


def _after_compile(state: Slots) -> str:
    if state["declined"]:
        return END
    if not state["problems"]:
        return "second"
    return "give_up" if state["repairs"] else "repair"


def _after_weighing(state: Slots) -> str:
    if state["declined"]:
        return END
    return "ask" if state["questions"] else "estimate"


def _config(thread: str) -> Any:
    return {"configurable": {"thread_id": thread}}


def _id_at(moment: datetime) -> str:
    """The smallest checkpoint id of a moment: a UUID of version 6 begins with its time."""
    ticks = int((moment - _UUID_EPOCH).total_seconds()) * 10_000_000
    return str(UUID(int=(ticks >> 12 << 80) | (6 << 76) | ((ticks & 0xFFF) << 64)))
