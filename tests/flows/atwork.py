"""The real App and store at work for one chat platform, with scripted planner and executor."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app import App, beside
from bot.chat import ChatPlatform
from bot.config.settings import ProjectSettings, Settings
from bot.language.routing.opening import router
from bot.ports import Rereading
from bot.services import Services
from memory.model.base import ProjectId
from memory.store.engine.database import Database
from memory.store.knowledge import projects
from tests.conftest import SetClock
from tests.flows.scripted import ScriptedExecutor, ScriptedPlanner

TEST = ProjectId("test")
"""The project of every such conversation."""


@asynccontextmanager
async def at_work(
    database: Database,
    clock: SetClock,
    folder: Path,
    platform: ChatPlatform,
    project: ProjectSettings,
    executor: ScriptedExecutor,
    *,
    listens: bool = False,
    pace_s: float = 0.0,
    rereading: Rereading | None = None,
    admin: str = "console:local:ana",
) -> AsyncIterator[tuple[App, Services]]:
    """`listens`: what is said comes from the platform's own side, not from the test."""
    settings = Settings(
        data=folder, workspace=folder, pace_s=pace_s, projects=(project,), admins=(admin,)
    )
    root = project.root or folder / project.name
    async with database.transaction() as tx:
        await projects.make(tx, TEST, name=project.name, root=root, at=clock.now())
    async with beside() as soon:
        app = App(database, clock, {platform.name: platform}, soon, settings)
        services = Services(
            database=database,
            clock=clock,
            settings=settings,
            planner=ScriptedPlanner(),
            executor=executor,
            platforms=app.platforms,
            soon=soon,
            router=router(),
            pasted=app.pasted,
            rereading=rereading,
            offline=True,
        )
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(app.work(services))]
            if listens:
                tasks.append(group.create_task(app.listen(platform)))
            yield app, services
            for task in tasks:
                task.cancel()
