"""One process per data folder (law 14): a lock the system drops when the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from memory.model.errors import Misconfigured


@contextmanager
def owning(data: Path) -> Iterator[None]:
    """Hold the folder, making it where it is missing.

    Raises Misconfigured when another process has it, naming that process, or when the folder
    cannot be made.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Misconfigured(
            "The data folder {data} can't be used ({strerror}); choose another one with --data DIR.",
            data=data,
            strerror=error.strerror,
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
            raise Misconfigured(
                "Another Orchestra (process {holder}) is already using {data}; stop it, or give this one "
                "its own folder with --data DIR.",
                holder=holder,
                data=data,
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(data: Path) -> str:
    """The process that has the folder, "" for none. Takes and drops the lock, changes nothing."""
    try:
        handle = os.open(data / "lock", os.O_RDWR)
    except OSError:
        return ""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
    finally:
        os.close(handle)
    return ""
