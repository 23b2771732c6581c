"""Files in a project's folder: the only place that opens a file for writing."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from memory.model.errors import BadInput, StorageTrouble
from memory.model.limits import FILE_READ_BYTES, SENTENCES


class FileTrouble(StorageTrouble):
    """A file of the project can't be written; our own store is well."""


class ProjectFiles:
    """The folder of one project. Nothing outside it is read or written, not even through links.

    `check` is asked before a file is put in its place, and raises when it must not be.
    """

    def __init__(self, root: Path, *, check: Callable[[], None] = lambda: None) -> None:
        self.root = root.resolve()
        self._check = check

    def resolve(self, path: str) -> Path:
        """The absolute path. Raises BadInput for a path that leaves the folder."""
        if "\x00" in path or not path.strip():
            raise BadInput("A file needs a name.")
        target = (self.root / path).resolve()
        if not target.is_relative_to(self.root):
            raise BadInput(
                "{path} is outside the project's folder. Files have to be inside it.", path=path
            )
        return target

    def relative(self, target: Path) -> str:
        """The path as people write it, beneath the folder."""
        return target.relative_to(self.root).as_posix()

    def existing(self, path: str) -> Path:
        """The absolute path of a file that is there. Raises BadInput where it is none."""
        target = self.resolve(path)
        if not target.is_file():
            raise BadInput("There's no file {path} in the project's folder.", path=path)
        return target

    def read(self, path: str, *, limit: int = FILE_READ_BYTES) -> bytes:
        """The bytes of a file. Raises BadInput where there is none, or it is too large."""
        target = self.existing(path)
        try:
            if target.stat().st_size > limit:
                raise BadInput(SENTENCES["file_read"])
            return target.read_bytes()
        except OSError as error:
            raise BadInput("{path} can't be read: {reason}.", **_facts(path, error)) from error

    def remove(self, path: str) -> None:
        """Take the file away, if it is there. Raises FileTrouble when the disk refuses."""
        target = self.resolve(path)
        self._check()
        try:
            target.unlink(missing_ok=True)
        except OSError as error:
            raise FileTrouble(
                "{path} can't be removed: {reason}.", **_facts(path, error)
            ) from error

    def write(self, path: str, data: bytes, *, executable: bool = False) -> Path:
        """Put the bytes there, all or nothing, making folders on the way.

        Raises BadInput for a path that cannot be a file, FileTrouble when the disk refuses.
        """
        target = self.resolve(path)
        if target.is_dir():
            raise BadInput("{path} is a folder. Name a file.", path=path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.parent.resolve() != target.parent:
                # A folder became a link since the path was checked.
                raise BadInput("{path} is outside the project's folder.", path=path)
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".orchestra-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).chmod(0o755 if executable else 0o644)
                self._check()
                Path(temporary).replace(target)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise FileTrouble(
                "{path} can't be written: {reason}.", **_facts(path, error)
            ) from error
        return target


def _facts(path: str, error: OSError) -> dict[str, str]:
    return {"path": path, "reason": error.strerror or "", "detail": str(error)}
