"""What the conversation needs of the planner and the executor, in its own words."""

from typing import TYPE_CHECKING, Protocol

from memory.model.agents.spec import Catalogue
from memory.model.base import PlanHash, ProjectId, RunId
from memory.model.identity import Identity
from memory.model.timing.schedule import Firing
from memory.model.work.run import RunView
from memory.model.work.value import FileInfo
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection
from planner.port import PlanRequest, PlanResult, Say, silent
from planner.understanding.utterance import Arguments, Asker, Frame, Unclear, Utterance

if TYPE_CHECKING:
    from planner.understanding.router import Weighed


class Planning(Protocol):
    """Turns words into a plan. Keeps no promise to anybody: it returns a value."""

    async def plan(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        """A first look at a request; `say` hears what is being done."""
        ...

    async def answer(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        """Go on with a request whose questions were answered."""
        ...


class Reading(Protocol):
    """Reads words that are no exact phrase."""

    def weighed(self, said: str, frame: Frame) -> "Weighed":
        """What is meant, as far as that can be told. Blocking, some milliseconds."""
        ...

    def as_verb(
        self, name: str, said: str, frame: Frame, found: Arguments | None = None
    ) -> Utterance:
        """The words as this row of the table. Raises KeyError."""
        ...


class Rereading(Protocol):
    """Reads words again, with a model, where the words alone leave it open."""

    async def read(
        self, said: str, frame: Frame, weighed: "Weighed", asker: Asker
    ) -> tuple[str, Arguments] | Unclear | None:
        """The row that is meant, with its arguments; None where no model says one in time."""
        ...


class Work(Protocol):
    """Runs approved plans. Everything here is a short transaction; nothing waits for work.

    Where `tx` is given it is done in the caller's transaction, which has to begin after `ready`.
    """

    async def ready(self) -> None:
        """Come back when work can begin. Raises StorageTrouble when it never will."""
        ...

    async def start(
        self,
        project: ProjectId,
        plan_hash: PlanHash,
        *,
        thread_key: str,
        by: Identity,
        simulated: bool = False,
        firing: Firing | None = None,
    ) -> RunId:
        """Start it; the same plan twice is the same run, the same time a schedule is due as well.

        Raises Conflict, NotAllowed, NotFound.
        """
        ...

    async def cancel(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        """Stop the run for good; False when it was over."""
        ...

    async def pause(
        self, project: ProjectId, run: RunId, *, by: str, reason: str, tx: Connection | None = None
    ) -> bool:
        """Take up no more tasks; False when it was not running."""
        ...

    async def resume(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        """Go on; False when it was not paused."""
        ...

    async def retry(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        """Try what failed again; False when it had not failed. Raises Conflict, NotAllowed."""
        ...

    async def roll_back(self, project: ProjectId, run: RunId, *, by: str) -> tuple[str, ...]:
        """Put back the files a finished run changed. Raises NotFound, Conflict."""
        ...

    async def stop_all(
        self, scope: str, *, by: str, reason: str, tx: Connection | None = None
    ) -> bool:
        """The kill switch for "all" or "project:ID"; False when it was set before."""
        ...

    async def release(self, scope: str, *, by: str, tx: Connection | None = None) -> bool:
        """Take the kill switch back; False when it was not set."""
        ...

    async def answer(
        self,
        project: ProjectId,
        wait_id: str,
        text: str,
        *,
        by: Identity,
        tx: Connection | None = None,
    ) -> bool:
        """A person's answer to a task; False when it was no longer asked."""
        ...

    async def view(self, project: ProjectId, run: RunId) -> RunView:
        """How the run stands. Raises NotFound."""
        ...

    async def runs(
        self,
        project: ProjectId,
        *,
        thread_key: str | None = None,
        running_only: bool = False,
        limit: int = 20,
    ) -> tuple[RunView, ...]:
        """The newest runs of the project, or of one thread."""
        ...

    async def open_waits(self, thread_key: str) -> tuple[WaitView, ...]:
        """What running tasks of this thread ask of people, oldest first."""
        ...

    def catalogue(self) -> Catalogue:
        """Who can do work now."""
        ...

    async def describe(self, project: ProjectId, path: str) -> FileInfo:
        """The shape of a file of the project."""
        ...

    async def list_files(self, project: ProjectId) -> tuple[FileInfo, ...]:
        """The files of the project's folder."""
        ...
