"""What the executor promises about runs, on SQLite and Postgres."""

from pathlib import Path

from memory.model.run import RunState
from memory.store.database import Database
from tests.unit.executor.world import plan, scripted, states, task, world


async def test_a_graph_runs_in_order_and_hands_values_on(database: Database, tmp_path: Path) -> None:
    echo = scripted()
    async with world(database, tmp_path, [echo]) as here:
        view = await here.run(task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c"))
        assert view.state is RunState.SUCCEEDED
        order = [call.task.key for call in echo.calls]
        assert order[0] == "a"
        assert order[-1] == "d"
        assert echo.calls[-1].inputs["from_b"].text == "b done"
        kinds = await here.kinds(view.id)
        assert kinds[0] == "run_started"
        assert kinds[-1] == "run_finished"
        assert kinds.count("task_succeeded") == 4
