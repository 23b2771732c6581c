"""The picture of a run's plan, drawn again as its tasks change."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.actions.plans.knowledge import keep_artifact
from bot.chat import OutFile
from bot.language.catalogue import ENGLISH
from bot.queries.plans.cards import agent_names
from bot.render.pictures.plan_picture import plan_picture
from bot.services import Services
from memory.model.authority import CONSOLE
from memory.model.base import RunId, TaskKey
from memory.model.identity import ThreadRef
from memory.model.work.plan import Plan
from memory.model.work.run import RunView, TaskState

AFTER: Final = timedelta(seconds=3)
"""A run that is over sooner needs none: its tasks are told in words at once."""

BETWEEN: Final = timedelta(seconds=10)
"""Drawing takes a tenth of a second, and each picture is one more file on the platform."""

KEPT: Final = 500


@dataclass(frozen=True)
class _Drawn:
    states: dict[TaskKey, TaskState]
    at: datetime
    file: OutFile

    def will_do(self, states: dict[TaskKey, TaskState], view: RunView, now: datetime) -> bool:
        """Whether nothing has changed, or not long enough ago for another one."""
        return self.states == states or (not view.state.over and now - self.at < BETWEEN)


class StatePictures:
    """The newest picture of each run under way; after a restart they are drawn anew."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._last: OrderedDict[RunId, _Drawn] = OrderedDict()

    async def of(
        self, view: RunView, plan: Plan, thread: ThreadRef, first: OutFile | None
    ) -> OutFile | None:
        """The picture to show now: that of the plan's message, `first`, or one of the states."""
        now = self._services.clock.now()
        brief = (view.finished_at or now) - view.started_at < AFTER
        if first is None or view.simulated or brief or thread.platform == CONSOLE:
            return first
        known, states = self._last.get(view.id), {task.key: task.state for task in view.tasks}
        if known is not None and known.will_do(states, view, now):
            return known.file
        drawn = await self._drawn(plan, states, first)
        self._last[view.id] = _Drawn(states, now, drawn)
        if len(self._last) > KEPT:
            self._last.popitem(last=False)
        return drawn

    async def _drawn(self, plan: Plan, states: dict[TaskKey, TaskState], first: OutFile) -> OutFile:
        names = agent_names(self._services)
        try:
            data = await asyncio.to_thread(plan_picture, ENGLISH, plan, states, names=names)
        except (ImportError, ValueError):
            return first  # without fonts or renderer the first one stays
        async with self._services.database.transaction() as tx:
            digest = await keep_artifact(tx, self._services, plan.project, data, first.media_type)
        return first.model_copy(update={"digest": digest})
