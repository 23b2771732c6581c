"""Where other people's programs run: with the project's folder, what they need to start, no more.

Bubblewrap where it is installed and works, else Landlock, else nothing is run at all.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from executor.egress import process
from executor.egress.cell import bridge, landlock, launcher, seccomp
from executor.egress.process import Finished
from executor.egress.proxy import Outside, proxied
from executor.egress.talk import Talk, talking
from memory.model.errors import AgentRejected, AgentUnavailable, BadInput, Misconfigured
from memory.model.text import text

Way = Literal["bubblewrap", "landlock", ""]

SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/etc/alternatives",
    "/etc/ca-certificates", "/etc/gai.conf", "/etc/group", "/etc/host.conf", "/etc/hosts",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
    "/etc/mime.types", "/etc/nsswitch.conf", "/etc/os-release", "/etc/passwd", "/etc/pki",
    "/etc/protocols", "/etc/resolv.conf", "/etc/services", "/etc/ssl",
)  # fmt: skip
"""What programs read to start, resolve names and trust servers; no keys, no home folders."""

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
REMEDY = text(
    "install bubblewrap (`apt install bubblewrap` or `dnf install bubblewrap`), or use a Linux "
    "kernel with Landlock, 6.2 or newer"
)
GIT = (".git/config", ".git/hooks")
"""What decides which programs git runs: never written."""

PROCESSES = 500
"""What a program may start; together they may take twice the memory of one."""

FILE_BYTES = 2_000_000_000
WRITTEN_BYTES = 10_000_000_000
"""What it may write in all, as far as it's still there."""

SPARE_BYTES = 1_000_000_000
"""What a program leaves free on the disks it writes to: the bot and its database need some, too."""

TRY_S = 5.0
_PROXY = f"http://127.0.0.1:{bridge.PORT}"
_PROXIED = {
    **{f"{kind}_proxy": _PROXY for kind in ("http", "https", "all")},
    **{f"{kind}_PROXY": _PROXY for kind in ("HTTP", "HTTPS", "ALL")},
    "no_proxy": "",
    "NO_PROXY": "",
    "NODE_USE_ENV_PROXY": "1",
}
"""How programs are told of a proxy."""

NEVER = frozenset({Path("/"), Path("/root"), Path("/home")})


@dataclass(frozen=True)
class Cell:
    """What a program may touch. `root` is where it works; it may write there if `writable`.

    `reads` and `writes` are more paths; `network` lets it out, `outside` to these hosts alone, by a
    proxy; `memory_bytes` bounds its data, `written_bytes` what it writes, and `spare_bytes` stay
    free on the disks.
    """

    root: Path
    writable: bool
    network: bool
    memory_bytes: int
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    outside: Outside | None = None
    written_bytes: int = WRITTEN_BYTES
    spare_bytes: int = SPARE_BYTES


@dataclass(frozen=True)
class _Held:
    """A launcher's arguments and environment."""

    argv: list[str]
    env: dict[str, str]


class Sandbox:
    """Runs programs in cells. It looks once for the way that works here."""

    def __init__(self, *, path: str, way: Way | None = None) -> None:
        self._path = path
        self._way = way
        self._looking = asyncio.Lock()

    async def way(self) -> Way:
        """How programs are held here; "" where they cannot be."""
        async with self._looking:
            if self._way is None:
                self._way = await self._found()
        return self._way

    def program(self, name: str) -> Path:
        """The program's file. Raises Misconfigured where there is none."""
        file = shutil.which(name, path=self._path)
        if file is None:
            raise Misconfigured("The program {name} isn't installed, or isn't on PATH.", name=name)
        return Path(file)

    def seen(self, name: str, cell: Cell) -> list[Path]:
        """What the program sees in such a cell. Raises Misconfigured where there's no such program."""
        own = [cell.root, *cell.writes, Path("/proc"), Path("/dev")]
        return _existing([*_readable(self.program(name), cell), *own])

    async def run(
        self,
        argv: Sequence[str],
        cell: Cell,
        *,
        env: Mapping[str, str],
        timeout_s: float,
        given: bytes = b"",
        title: str = "",
        heard: Callable[[bytes], None] | None = None,
    ) -> Finished:
        """Run it in its cell with a scratch folder as TMPDIR (and HOME, where none is given).

        However it ends, nothing it started is left. Raises Misconfigured where it cannot be
        held, or is not there; else as `process.run`.
        """
        title = title or argv[0]
        async with self._held(argv, cell, env, title) as held:
            ended = await process.run(
                held.argv,
                cwd=cell.root,
                env=held.env,
                timeout_s=timeout_s,
                given=given,
                title=title,
                heard=heard,
                launched=True,
            )
        if ended.code == launcher.NOT_HELD and b"not held:" in ended.err:
            if b"no network of its own" in ended.err:
                raise AgentRejected(
                    "{title} may reach some hosts only, which takes a network namespace, and this "
                    "machine allows none. Allow user namespaces, or set network to true or false.",
                    title=title,
                )
            raise AgentRejected(
                "{title} couldn't be confined here, so it wasn't run. To fix this, {remedy}.",
                title=title,
                remedy=REMEDY,
            )
        return ended

    @asynccontextmanager
    async def talk(
        self, argv: Sequence[str], cell: Cell, *, env: Mapping[str, str], title: str
    ) -> AsyncIterator[Talk]:
        """Run it in its cell as long as somebody talks with it, line by line. Raises as `run`."""
        async with (
            self._held(argv, cell, env, title) as held,
            talking(held.argv, cwd=cell.root, env=held.env, title=title) as talk,
        ):
            yield talk

    @asynccontextmanager
    async def _held(
        self, argv: Sequence[str], cell: Cell, env: Mapping[str, str], title: str
    ) -> AsyncIterator[_Held]:
        way = await self.way()
        if not way:
            raise Misconfigured(
                "{title} needs a sandbox to run. To get one, {remedy}.", title=title, remedy=REMEDY
            )
        program = str(self.program(argv[0]))
        async with _way_out(cell) as proxy:
            with tempfile.TemporaryDirectory(
                prefix="orchestra-", ignore_cleanup_errors=True
            ) as made:
                around = {"PATH": self._path, "HOME": made, "LANG": "C.UTF-8", "TERM": "dumb"}
                launched = _launched(way, [program, *argv[1:]], cell, Path(made), self._path, proxy)
                through = _PROXIED if proxy else {}
                yield _Held(launched, {**around, **env, **through, "TMPDIR": made})

    async def _found(self) -> Way:
        if not seccomp.known():
            return ""
        if shutil.which("bwrap", path=self._path) and await self._bubblewrap_works():
            return "bubblewrap"
        return "landlock" if sys.platform == "linux" and landlock.supported() else ""

    async def _bubblewrap_works(self) -> bool:
        """Containers and some distributions forbid what it needs."""
        cell = Cell(Path("/usr"), writable=False, network=False, memory_bytes=FILE_BYTES)
        true = shutil.which("true", path=self._path) or "/bin/true"
        try:
            with tempfile.TemporaryDirectory(prefix="orchestra-") as made:
                argv = _launched("bubblewrap", [true], cell, Path(made), self._path)
                ended = await process.run(
                    argv, cwd=Path("/"), env={"PATH": self._path}, timeout_s=TRY_S, launched=True
                )
        except (BadInput, AgentUnavailable):
            return False
        return ended.code == 0


@asynccontextmanager
async def _way_out(cell: Cell) -> AsyncIterator[str]:
    """The socket of the proxy for the cell, "" where it needs none."""
    if cell.outside is None:
        yield ""
        return
    async with proxied(cell.outside) as socket:
        yield str(socket)


def _launched(
    way: Way, argv: list[str], cell: Cell, scratch: Path, path: str, proxy: str = ""
) -> list[str]:
    reads = [str(path) for path in _existing(_readable(Path(argv[0]), cell))]
    writes = [str(path) for path in _existing([*cell.writes, scratch])]
    own = [str(cell.root)] if cell.writable else []
    confine = None
    if way == "landlock":
        looked = [] if cell.writable else [str(cell.root)]
        confine = {
            "reads": [*reads, "/proc", "/sys/devices/system/cpu", *looked],
            "writes": [*writes, *DEVICES, *own],
            "own": [*writes, *own],
            "kept": [str(path) for path in _kept(cell)],
            "network": cell.network or bool(proxy),
        }
    else:
        argv = [*_bubblewrapped(cell, reads, writes, str(scratch), path), *argv]
    order = {
        "parent": os.getpid(),
        "limits": {"RLIMIT_DATA": cell.memory_bytes, "RLIMIT_FSIZE": FILE_BYTES, "RLIMIT_CORE": 0},
        "confine": confine,
        "proxy": proxy,
        "most": {
            "processes": PROCESSES,
            "bytes": 2 * cell.memory_bytes,
            "written": cell.written_bytes,
            "disks": dict.fromkeys([*writes, *own], cell.spare_bytes),
        },
    }
    return [sys.executable, "-I", "-S", str(Path(launcher.__file__)), json.dumps(order), *argv]


def _bubblewrapped(
    cell: Cell, reads: Sequence[str], writes: Sequence[str], scratch: str, path: str
) -> Iterator[str]:
    yield shutil.which("bwrap", path=path) or "bwrap"
    yield from ("--die-with-parent", "--unshare-all", "--cap-drop", "ALL")
    if cell.network or cell.outside is not None:  # the launcher's own, where it's to some hosts
        yield "--share-net"
    yield from ("--proc", "/proc", "--dev", "/dev")
    for place in ("/tmp", "/dev/shm"):  # noqa: S108 - its own, empty, and on a disk that is watched
        yield from ("--bind", scratch, place)
    for place in reads:
        yield from ("--ro-bind", place, place)
    for place in writes:
        yield from ("--bind", place, place)
    yield from ("--bind" if cell.writable else "--ro-bind", str(cell.root), str(cell.root))
    for kept in _kept(cell):
        yield from ("--ro-bind", str(kept), str(kept))
    yield from ("--remount-ro", "/dev", "--remount-ro", "/")
    yield from ("--seccomp", str(launcher.FILTER), "--chdir", str(cell.root), "--")


def _kept(cell: Cell) -> list[Path]:
    return _existing([cell.root / path for path in GIT]) if cell.writable else []


def _readable(program: Path, cell: Cell) -> Iterator[Path]:
    yield from map(Path, SYSTEM)
    yield Path("/etc/resolv.conf").resolve()  # a link into /run on many systems
    yield from cell.reads
    yield program
    yield _home_of(program)
    yield _home_of(program.resolve())


def _home_of(program: Path) -> Path:
    """The folder a program was installed into with all it needs, never somebody's home folder."""
    folder = program.parent
    wide = folder.parent
    if folder.name == "shims":  # of pyenv, asdf and mise: they start what lies beside them
        return wide
    shared = wide in NEVER or wide.parent in NEVER or wide.name == ".local"
    if folder.name != "bin" or shared:
        return program if folder.name == "bin" else folder
    return wide


def _existing(paths: Iterator[Path] | Sequence[Path]) -> list[Path]:
    """Those that are there, each once, none that lies beneath another."""
    there = [path for path in dict.fromkeys(paths) if path.exists()]
    return [path for path in there if not any(other in path.parents for other in there)]
