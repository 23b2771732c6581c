"""What was read recently and can't change: values under their digests."""

import threading
from collections import OrderedDict

from memory.model.base import ProjectId, RunId, TaskKey
from memory.model.work.value import Value

KEPT_BYTES = 8_000_000
KEPT_PLACES = 10_000
LARGEST_BYTES = 64_000
"""A larger value is read again each time: few tasks have one, and it would push out the rest."""


class ValueCache:
    """Small values by the digest of their bytes, the most recently used ones, up to a bound."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._bytes = 0
        self._lock = threading.Lock()  # transactions have threads of their own
        self._places: OrderedDict[tuple[RunId, TaskKey], str] = OrderedDict()
        self._values: OrderedDict[tuple[ProjectId, str], tuple[Value, int]] = OrderedDict()

    def find(self, project: ProjectId, digest: str) -> Value | None:
        """The value, if it is here."""
        with self._lock:
            known = self._values.get((project, digest))
            if known is None:
                return None
            self._values.move_to_end((project, digest))
            return known[0]

    def place(self, run: RunId, task: TaskKey) -> str | None:
        """The digest of the task's value, if the task succeeded here recently."""
        with self._lock:
            return self._places.get((run, task))

    def ended(self, run: RunId, task: TaskKey, digest: str) -> None:
        """A task has its value, for good."""
        with self._lock:
            self._places[run, task] = digest
            if len(self._places) > KEPT_PLACES:
                self._places.popitem(last=False)

    def put(self, project: ProjectId, digest: str, value: Value, size: int) -> None:
        """Keep the value, whose bytes have this size and digest."""
        if size > LARGEST_BYTES:
            return
        with self._lock:
            if (project, digest) in self._values:
                return
            self._values[project, digest] = (value, size)
            self._bytes += size
            while self._bytes > self._kept_bytes:
                _, (_, gone) = self._values.popitem(last=False)
                self._bytes -= gone
