"""Files in a project's folder: the only place that opens a file for writing."""

import errno
import os
import posixpath
import secrets
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from executor.egress import beneath
from memory.model.errors import BadInput, StorageTrouble
from memory.model.limits import FILE_READ_BYTES, SENTENCES
from memory.model.work.configuring import configures

_READ: Final = os.O_RDONLY | os.O_NONBLOCK  # opening a pipe must not wait for its other end
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LINKED: Final = frozenset({errno.ELOOP, errno.EXDEV})
_NONE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR})


PATH_BYTES: Final = 4_000
"""Linux takes 4,096 bytes, the root's among them."""

Kind = Literal["file", "folder", "other", ""]
"""What is at a path; "" for nothing."""


class FileTrouble(StorageTrouble):
    """A file of the project can't be written; our own store is well."""


class ProjectFiles:
    """The folder of one project. Nothing outside it is read or written, not even through links.

    A name is first made plain (`resolve`), and then opened from the folder's own handle without
    following any link, so that whoever exchanges a folder for a link in between gets an error.
    `check` is asked before a file is put in its place, and raises when it must not be. Of the
    files that configure things only `settings` are changed, where it's given.
    """

    def __init__(
        self,
        root: Path,
        *,
        check: Callable[[], None] = lambda: None,
        settings: Collection[str] | None = None,
    ) -> None:
        self.root = root.resolve()
        self._check = check
        self._settings = (
            None if settings is None else {posixpath.normpath(path) for path in settings}
        )

    def resolve(self, path: str) -> Path:
        """The absolute path, its links followed. Raises BadInput for a path that leaves the folder.

        It's a name only: what is there may change at any moment, so never open it.
        """
        if "\x00" in path or not path.strip():
            raise BadInput("A file needs a name.")
        try:
            if len(path.encode()) > PATH_BYTES:
                raise _too_long(path)
            target = (self.root / path).resolve()
        except UnicodeEncodeError as error:
            raise BadInput("A file's name can't have broken characters in it.") from error
        except (OSError, RuntimeError) as error:  # a ring of links
            raise BadInput("{path} can't be a file's name.", path=path[:200]) from error
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
        self.status(path)
        return self.resolve(path)

    def kind(self, path: str) -> Kind:
        """What is there at this moment. Raises BadInput for a name that can't be."""
        try:
            handle = beneath.opened(str(self.root), self.relative(self.resolve(path)), _READ)
        except OSError as error:
            if error.errno in _NONE:
                return ""
            raise _unread(path, error) from error
        try:
            mode = os.fstat(handle).st_mode
        finally:
            os.close(handle)
        return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"

    def status(self, path: str) -> os.stat_result:
        """What the disk says of the file. Raises BadInput where there is none."""
        with self.opened(path) as handle:
            return os.fstat(handle)

    @contextmanager
    def opened(self, path: str) -> Iterator[int]:
        """A handle of the file to read from. Raises BadInput where there is none."""
        name = self.relative(self.resolve(path))
        try:
            handle = beneath.opened(str(self.root), name, _READ)
        except OSError as error:
            raise _unread(path, error) from error
        try:
            seen = os.fstat(handle)
            if not stat.S_ISREG(seen.st_mode):
                raise BadInput("There's no file {path} in the project's folder.", path=path)
            if seen.st_nlink > 1 and seen.st_uid not in self._owners():
                raise BadInput(
                    "{path} is a hard link to somebody else's file, so I left it alone.", path=path
                )
            yield handle
        finally:
            os.close(handle)

    def read(self, path: str, *, limit: int = FILE_READ_BYTES) -> bytes:
        """The bytes of a file. Raises BadInput where there is none, or it is too large."""
        return self.read_with_status(path, limit=limit)[0]

    def read_with_status(
        self, path: str, *, limit: int = FILE_READ_BYTES
    ) -> tuple[bytes, os.stat_result]:
        """The bytes of a file, and what the disk said of it then. Raises as `read`."""
        with self.opened(path) as handle:
            seen = os.fstat(handle)
            if seen.st_size > limit:
                raise BadInput(SENTENCES["file_read"])
            try:
                with os.fdopen(os.dup(handle), "rb") as file:
                    data = file.read(limit + 1)
            except OSError as error:
                raise _unread(path, error) from error
        if len(data) > limit:
            raise BadInput(SENTENCES["file_read"])
        return data, seen

    def names(self, path: str) -> tuple[str, ...]:
        """The names in a folder; () where there is none. Raises BadInput outside."""
        name = self.relative(self.resolve(path))
        try:
            with beneath.folder(str(self.root), name) as handle:
                return tuple(sorted(os.listdir(handle)))  # noqa: PTH208 - pathlib knows no handles
        except OSError:
            return ()

    def walk(self, skipped: Collection[str] = ()) -> Iterator[tuple[str, os.stat_result]]:
        """All files by path, in order; links, hidden ones and `skipped` folders are left out."""
        for folder, folders, names, handle in os.fwalk(self.root):
            folders[:] = sorted(
                name for name in folders if not name.startswith(".") and name not in skipped
            )
            within = os.path.relpath(folder, self.root)
            for name in sorted(name for name in names if not name.startswith(".")):
                with suppress(OSError, UnicodeEncodeError):  # gone since, or no name we can tell
                    name.encode()
                    seen = os.stat(name, dir_fd=handle, follow_symlinks=False)
                    if stat.S_ISREG(seen.st_mode):
                        yield name if within == "." else f"{within}/{name}", seen

    def remove(self, path: str) -> None:
        """Take the file away, if it is there. Raises FileTrouble when the disk refuses."""
        above, name = self._parted(path)
        self._check()
        try:
            with beneath.folder(str(self.root), above) as folder:
                os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _misnamed(path, error) or FileTrouble(
                "{path} can't be removed: {reason}.", **_facts(path, error)
            ) from error

    def write(self, path: str, data: bytes, *, executable: bool = False) -> Path:
        """Put the bytes there, all or nothing, making folders on the way.

        Raises BadInput for a path that cannot be a file, FileTrouble when the disk refuses.
        """
        above, name = self._parted(path)
        try:
            with beneath.folder(str(self.root), above, make=True) as folder:
                self._placed(folder, name, data, 0o755 if executable else 0o644)
        except IsADirectoryError as error:
            raise BadInput("{path} is a folder. Name a file.", path=path) from error
        except OSError as error:
            raise _misnamed(path, error) or FileTrouble(
                "{path} can't be written: {reason}.", **_facts(path, error)
            ) from error
        return self.root / above / name

    def _placed(self, folder: int, name: str, data: bytes, mode: int) -> None:
        """A new file beside the old one, then in its place: both by the folder's handle."""
        temporary = f".orchestra-{secrets.token_hex(8)}"
        handle = os.open(temporary, _NEW, 0o600, dir_fd=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
                os.fchmod(handle, mode)
            self._check()
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=folder)
            raise

    def _parted(self, path: str) -> tuple[str, str]:
        """The folder beneath the root, and the name in it."""
        target = self.resolve(path)
        if target == self.root:
            raise BadInput("{path} is a folder. Name a file.", path=path)
        name = self.relative(target)
        if self._settings is not None and configures(name) and name not in self._settings:
            raise BadInput(
                "{path} configures how other things work, and the plan doesn't say it is changed. "
                "Ask for that by its name.",
                path=name,
            )
        return self.relative(target.parent), target.name

    def _owners(self) -> set[int]:
        """Whose files may have several names: ours, and those of the folder's owner."""
        return {os.geteuid(), self.root.stat().st_uid}


def _unread(path: str, error: OSError) -> BadInput:
    if error.errno in _NONE:
        return BadInput("There's no file {path} in the project's folder.", path=path)
    if error.errno in _LINKED:
        return BadInput("{path} became a link while I opened it, so I left it alone.", path=path)
    if error.errno == errno.ENAMETOOLONG:
        return _too_long(path)
    return BadInput("{path} can't be read: {reason}.", **_facts(path, error))


def _misnamed(path: str, error: OSError) -> BadInput | None:
    """Where the path, and not the disk, is to blame."""
    if error.errno in _LINKED:
        return BadInput("{path} is outside the project's folder.", path=path)
    if error.errno == errno.ENAMETOOLONG:
        return _too_long(path)
    return None


def _too_long(path: str) -> BadInput:
    return BadInput("The name {path}… is too long for a file.", path=path[:40])


def _facts(path: str, error: OSError) -> dict[str, str]:
    return {"path": path, "reason": error.strerror or "", "detail": str(error)}
