"""The shapes of a project's files, found in a worker process and kept until a file changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from pydantic import TypeAdapter

from executor.data import file_shapes, sheets
from executor.data.file_shapes import Seen
from executor.data.media import media_type
from executor.egress.files import ProjectFiles
from executor.port import Call
from executor.workshop.inner import SHAPES
from executor.workshop.pool import Pool
from memory.model.base import AgentName, ProjectId, TaskKey
from memory.model.errors import AgentUnavailable, BadInput
from memory.model.work.graph import Task
from memory.model.work.value import FileInfo, Json

KEPT: Final = 5_000
LOOK_S: Final = 60.0
"""How long a look at files may take; the file that takes longer has a problem."""

_FOUND: Final = TypeAdapter(dict[str, tuple[FileInfo, ...]])

Key = tuple[str, Seen]
"""A project's folder, and a file as it was seen."""


class Shapes:
    """Looks at files for planners. Without a pool it does so in a thread of this process."""

    def __init__(self, pool: Pool | None = None) -> None:
        self._pool = pool
        self._kept: OrderedDict[Key, tuple[FileInfo, ...]] = OrderedDict()

    async def describe(self, files: ProjectFiles, project: ProjectId, path: str) -> FileInfo:
        """The shape of a file; what is missing or unreadable has a `problem`."""
        if self._pool is None or PurePosixPath(path).suffix.casefold() not in file_shapes.TABLES:
            return await asyncio.to_thread(file_shapes.describe, files, path)
        try:
            status = await asyncio.to_thread(files.status, path)
        except BadInput:  # not there, or a sheet of a workbook
            return await self._sheet(files, project, path)
        seen = (path, status.st_mtime_ns, status.st_size)
        return (await self._all(files, project, [seen]))[0]

    async def every(self, files: ProjectFiles, project: ProjectId) -> tuple[FileInfo, ...]:
        """The shapes of all of the project's files."""
        if self._pool is None:
            return await asyncio.to_thread(file_shapes.every, files)
        return await self._all(files, project, await asyncio.to_thread(file_shapes.seen, files))

    async def _sheet(self, files: ProjectFiles, project: ProjectId, path: str) -> FileInfo:
        book, sheet = sheets.parted(path)
        if sheet and files.kind(book) == "file":
            status = await asyncio.to_thread(files.status, book)
            known = await self._all(files, project, [(book, status.st_mtime_ns, status.st_size)])
            for info in known:
                if info.path.casefold() == path.casefold():
                    return info
        return await asyncio.to_thread(file_shapes.describe, files, path)

    async def _all(
        self, files: ProjectFiles, project: ProjectId, seen: Sequence[Seen]
    ) -> tuple[FileInfo, ...]:
        root = str(files.root)
        new = [file for file in seen if (root, file) not in self._kept]
        if new:
            found = await self._found(files, project, [path for path, _, _ in new])
            for file in new:
                self._kept[root, file] = found[file[0]]
        shapes = [info for file in seen for info in self._kept[root, file]]
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return tuple(shapes)

    async def _found(
        self, files: ProjectFiles, project: ProjectId, paths: Sequence[str]
    ) -> Mapping[str, tuple[FileInfo, ...]]:
        """By path. Where one of several is too much for a worker, each half has its own."""
        assert self._pool is not None
        call = Call(
            project=project,
            task=Task(key=TaskKey("shapes"), title=paths[0], type=SHAPES, agent=AgentName("")),
            inputs={"paths": list(paths)},
            files=files,
            effect_key="",
            timeout_s=LOOK_S,
        )
        try:
            value = await self._pool.value(call, SHAPES, look=True)
        except (AgentUnavailable, BadInput) as error:
            if len(paths) == 1:
                info = FileInfo(
                    path=paths[0], media_type=media_type(paths[0]), size=0, problem=error.user_text
                )
                return {paths[0]: (info,)}
            middle = len(paths) // 2
            first = await self._found(files, project, paths[:middle])
            return {**first, **await self._found(files, project, paths[middle:])}
        assert isinstance(value, Json)
        return _FOUND.validate_python(value.value)
