"""What a program and all it started take up together, which no limit of the kernel bounds.

Standard library alone: the launcher uses it, which stays above the program.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ITS_OWN = 50_000_000
"""So many bytes gone since it began may be anybody's."""

SPARE_PROCESSES = 50
"""So many more processes may be there for the moment until somebody looks."""

_BLOCK = 512


@dataclass
class Most:
    """What it may take up; `disks` says how much has to stay free where it writes."""

    processes: int
    bytes: int
    written: int
    disks: Mapping[str, int]


@dataclass
class _Taken:
    """By one process: memory for itself, and memory that others may have, too."""

    own: int = 0
    shared: int = 0


@dataclass
class Watch:
    """Looks at what the children of this process take up, since it was made."""

    most: Most
    group: Path | None
    began: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        """See how things are before it begins."""
        self._free = {path: _free(path) for path in self.most.disks}
        self._count_at = self.most.written
        self._memory_device = _memory_device()

    def complaint(self) -> str:
        """Which limit they are beyond, "" for none."""
        most = self.most
        if self.group and int((self.group / "pids.current").read_bytes()) > most.processes:
            return "too many processes"
        family = _family()
        if len(family) > most.processes:
            return "too many processes"
        unnamed = _unnamed(family)
        held = sum(size for (device, _), size in unnamed.items() if device == self._memory_device)
        if _memory(family, held) > most.bytes:
            return "too much memory"
        if self._disk_is_full():
            return "too little disk space left"
        return "it wrote too much" if self._wrote_too_much(sum(unnamed.values()) - held) else ""

    def members(self) -> list[int]:
        """All that were started."""
        if self.group:
            return [*map(int, (self.group / "cgroup.procs").read_text("ascii").split())]
        return [*_family()]

    def _disk_is_full(self) -> bool:
        spare = self.most.disks.items()
        return any(_free(path) < min(most, self._free[path] - ITS_OWN) for path, most in spare)

    def _wrote_too_much(self, unnamed: int) -> bool:
        """Counted file by file, though only where that much is gone from a disk."""
        gone = max((self._free[path] - _free(path) for path in self.most.disks), default=0)
        if gone <= self._count_at:
            return False
        written = _written(self.most.disks, self.began) + unnamed
        self._count_at = gone + max(self.most.written - written, ITS_OWN)
        return written > self.most.written


def _free(path: str) -> int:
    """The bytes that are free where this lies; what is gone has as many as anybody wants."""
    try:
        found = os.statvfs(path)
    except OSError:
        return sys.maxsize
    return found.f_bavail * found.f_frsize


def _family() -> dict[int, _Taken]:
    parents: dict[int, list[tuple[int, _Taken]]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            lines = (entry / "status").read_text("ascii", "replace").splitlines()
        except OSError:
            continue
        told = dict(line.partition(":")[::2] for line in lines)
        taken = _Taken(_kb(told, "RssAnon") + _kb(told, "VmSwap"), _kb(told, "RssShmem"))
        parents.setdefault(int(told["PPid"]), []).append((int(entry.name), taken))
    found, left = dict[int, _Taken](), [os.getpid()]
    while left:
        for pid, taken in parents.get(left.pop(), []):
            found[pid] = taken
            left.append(pid)
    return found


def _memory(family: Mapping[int, _Taken], held: int) -> int:
    """What they take; of what they may share, the largest piece. `held`: in files in memory."""
    shared = max((taken.shared for taken in family.values()), default=0)
    return sum(taken.own for taken in family.values()) + max(held, shared)


def _kb(told: Mapping[str, str], name: str) -> int:
    return int(told.get(name, "0 kB").split()[0]) * 1024


def _unnamed(family: Mapping[int, object]) -> dict[tuple[int, int], int]:
    """The sizes of files that are open and have no name, in memory too; nobody finds those by looking."""
    found = dict[tuple[int, int], int]()
    for pid in family:
        for status in _open_files(Path(f"/proc/{pid}/fd")):
            if not status.st_nlink and status.st_blocks:
                found[status.st_dev, status.st_ino] = status.st_blocks * _BLOCK
    return found


def _open_files(folder: Path) -> Iterator[os.stat_result]:
    try:
        for entry in folder.iterdir():
            try:
                yield entry.stat()
            except OSError:
                continue
    except OSError:
        return


def _written(paths: Mapping[str, int], since: float) -> int:
    """The bytes of files beneath that were made or changed since."""
    found = dict[tuple[int, int], int]()
    for path in paths:
        for folder, _, names in os.walk(path):
            for name in names:
                try:
                    status = os.lstat(os.path.join(folder, name))  # noqa: PTH118 - half the time
                except OSError:
                    continue
                if status.st_ctime >= since:
                    found[status.st_dev, status.st_ino] = status.st_blocks * _BLOCK
    return sum(found.values())


def _memory_device() -> int:
    """The device of files that are in memory alone."""
    handle = os.memfd_create("device")
    try:
        return os.fstat(handle).st_dev
    finally:
        os.close(handle)
