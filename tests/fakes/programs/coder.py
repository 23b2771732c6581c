"""A command-line agent that does what the first word after `do:` in its task says."""

import contextlib
import ctypes
import json
import mmap
import os
import signal
import socket
import sys
import time
from pathlib import Path


def main() -> None:
    given = "\n".join([*sys.argv[1:], sys.stdin.read()])
    name, *words = given.partition("do:")[2].split() or [""]
    ORDERS.get(name, lambda *_: print(given))(*words)


def write(path, *_):
    Path(path).write_text("made by a program\n")
    print(f"wrote {path}")


def flood(*_):
    while True:
        sys.stdout.write("x" * 1_000_000)


def fail(*_):
    print(f"no: {os.environ.get('CODER_KEY', '')}", file=sys.stderr)
    sys.exit(3)


def busy(*_):
    print("HTTP 429 Too Many Requests", file=sys.stderr)
    sys.exit(1)


def read(path, *_):
    print(attempt(lambda: Path(path).read_text()[:200]))


def connect(port, *_):
    print(attempt(lambda: str(socket.create_connection(("127.0.0.1", int(port)), 5))))


def unix(path, *_):
    print(attempt(lambda: str(socket.socket(socket.AF_UNIX).connect(path))))


def attempt(work):
    try:
        return f"got {work()}"
    except OSError as error:
        return f"refused: {error.strerror}"


def orphan(note: Path) -> None:
    """Leave a grandchild of another session that ends at no polite word, and then hang."""
    if not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note.with_suffix(".part").write_text(str(os.getpid()))
        note.with_suffix(".part").rename(note)
        beat(Path("orphan.beat"))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def beat(note: Path) -> None:
    count = 0
    while True:
        count += 1
        note.write_text(str(count))
        time.sleep(0.02)


def swarm(*_):
    """More and more processes, each of them starting others."""
    while True:
        with contextlib.suppress(OSError):
            os.fork()
        time.sleep(0.02)


def fill(*_):
    """Files that nobody asked for."""
    for number in range(20):
        with Path(f"fill{number}").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, 20_000_000)
    time.sleep(60)


def repoint(place, how, *_):
    """Have the folder belong to another repository."""
    if how == "link":
        Path(".git").symlink_to(place)
    else:
        Path(".git").write_text(f"gitdir: {place}\n")
    print("done")


def marks(path, *_):
    """Change what is said of a file, its bytes apart, by every call there is; tell which went well."""
    file, link = Path(path), Path("link")
    with contextlib.suppress(OSError):
        link.symlink_to(file)
    ways = {
        "chmod": lambda: file.chmod(0o640),
        "chmod by a link": lambda: link.chmod(0o640),
        "chmod by a folder": lambda: os.chmod(
            file.name, 0o640, dir_fd=os.open(file.parent, os.O_PATH)
        ),
        "chmod by a handle": lambda: Path(f"/proc/self/fd/{os.open(file, os.O_PATH)}").chmod(0o640),
        "chown": lambda: os.chown(file, os.getuid(), os.getgid()),
        "utime": lambda: os.utime(file, (1, 1)),
        "setxattr": lambda: os.setxattr(file, "user.mark", b"x"),
        "lsetxattr": lambda: os.setxattr(file, "user.mark", b"x", follow_symlinks=False),
    }
    print(json.dumps([name for name, way in ways.items() if _goes(way)]))


def set_id(*_):
    """Make files that others would run as whoever owns them."""
    Path("plain").touch()
    handle = os.open("plain", os.O_RDONLY)
    ways = {
        "chmod": lambda: Path("plain").chmod(0o4755),
        "fchmod": lambda: os.fchmod(handle, 0o2755),
        "open": lambda: os.open("made", os.O_CREAT | os.O_WRONLY, 0o4755),
        "mknod": lambda: os.mknod("node", 0o104755),
        "nothing": lambda: Path("plain").chmod(0o755),
    }
    print(json.dumps([name for name, way in ways.items() if _goes(way)]))


def _goes(way):
    try:
        way()
    except OSError:
        return False
    return True


def shared(*_):
    """Memory that belongs to no process alone."""
    mapped = mmap.mmap(-1, 1_500_000_000)
    for place in range(0, len(mapped), 4096):
        mapped[place] = 1
    time.sleep(60)


def unnamed(*_):
    """Files that nobody finds: in memory, each within the limit of a file."""
    kept = [os.memfd_create(str(number)) for number in range(20)]
    for handle in kept:
        os.posix_fallocate(handle, 0, 100_000_000)
    time.sleep(60)


def outlive(*_):
    """Leave something that stays when everybody has ended."""
    libc = ctypes.CDLL(None, use_errno=True)
    print(libc.shmget(0x4F52, 4096, 0o1600), libc.msgget(0x4F52, 0o1600))


def room(*_):
    """Fill every place that might be memory."""
    took = {}
    for place in ("/dev/shm", "/dev", "/tmp", "/", "/run", "/var"):  # noqa: S108 - to try them
        file = Path(place) / "room"
        if _goes(lambda file=file: file.write_bytes(b"x" * 1000)):
            took[place] = os.statvfs(place).f_fsid == os.statvfs(os.environ["TMPDIR"]).f_fsid
    print(json.dumps(took))


def hook(*_):
    """Change what git runs: its settings, a hook that was there, and one that wasn't."""
    for path in (".git/config", ".git/hooks/pre-commit", ".git/hooks/post-merge"):
        with contextlib.suppress(OSError):
            Path(path).write_text("evil")
    print("done")


def boast(*_):
    """An end that would give money back, and fill every row."""
    usage = {"input_tokens": 10**30, "output_tokens": -5}
    print(json.dumps({"type": "result", "result": "x", "total_cost_usd": -100, "usage": usage}))


CLAUDE = [
    {"type": "system", "subtype": "init"},
    {"type": "assistant", "message": {"content": [
        {"type": "tool_use", "name": "Bash", "input": {"command": "npm test"}}]}},
    {"type": "assistant", "message": {"content": [{"type": "text", "text": "thinking"}]}},
    {"type": "result", "subtype": "success", "is_error": False, "result": "All green.",
     "total_cost_usd": 0.0123, "usage": {"input_tokens": 10, "output_tokens": 5}},
]  # fmt: skip
CODEX = [
    {"type": "thread.started", "thread_id": "x"},
    {"type": "item.started", "item": {"type": "command_execution", "command": "npm test"}},
    {"type": "item.completed", "item": {"type": "agent_message", "text": "All green."}},
    {"type": "turn.completed", "usage": {"input_tokens": 10, "output_tokens": 5}},
]
GEMINI = [
    {"type": "init", "model": "m"},
    {"type": "tool_use", "tool_name": "run", "parameters": {"command": "npm test"}},
    {"type": "message", "role": "assistant", "content": "All ", "delta": True},
    {"type": "message", "role": "assistant", "content": "green.", "delta": True},
    {"type": "result", "status": "success", "stats": {"input_tokens": 10, "output_tokens": 5}},
]


def events(kind: str) -> None:
    for event in {"claude": CLAUDE, "codex": CODEX, "gemini": GEMINI}[kind]:
        print(json.dumps(event), flush=True)


def change(*words):
    """`+path` makes or adds to a file, `-path` takes it away, `@path` makes a link; `!` fails."""
    for sign, path in ((word[0], Path(word[1:])) for word in words):
        if sign == "+":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text((path.read_text() if path.exists() else "") + "by a program\n")
        elif sign == "-":
            path.unlink()
        elif sign == "@":
            path.symlink_to("/etc/passwd")
        elif sign == "!":
            sys.exit(3)
    print("changed")


HOSTILE = "ls <!channel> @everyone *bold* [x](https://evil.test) sk-abcdef0123456789abcdef key"


def state(*_):
    """Say something nasty, then change nothing until somebody makes the file `go`."""
    doing = {"type": "tool_use", "name": "Bash", "input": {"command": HOSTILE}}
    print(json.dumps({"type": "assistant", "message": {"content": [doing]}}), flush=True)
    with contextlib.suppress(OSError):  # where it may write
        Path("talks").touch()
    while not Path("go").exists():
        time.sleep(0.02)
    print(json.dumps({"type": "result", "result": "All green."}), flush=True)


ORDERS = {
    "write": write,
    "flood": flood,
    "fail": fail,
    "busy": busy,
    "read": read,
    "connect": connect,
    "unix": unix,
    "long": lambda *_: print("y" * 3_000_000),
    "memory": lambda *_: print(len(bytearray(1_000_000_000))),
    "env": lambda *_: print(json.dumps(dict(os.environ))),
    "settle": lambda *_: print(Path("orchestra.toml").write_text("evil = 1")),
    "swarm": swarm,
    "fill": fill,
    "hook": hook,
    "marks": marks,
    "boast": boast,
    "repoint": repoint,
    "set_id": set_id,
    "room": room,
    "shared": shared,
    "unnamed": unnamed,
    "outlive": outlive,
    "silent": lambda *_: None,
    "orphan": lambda *_: orphan(Path("orphan.pid")),
    "talk": state,
    "change": change,
    "refactor": lambda *_: change("+a.txt", "+b.txt", "-old.txt", "+new.txt"),
    "claude": lambda *_: events("claude"),
    "codex": lambda *_: events("codex"),
    "gemini": lambda *_: events("gemini"),
}

if __name__ == "__main__":
    main()
