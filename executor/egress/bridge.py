"""A network of its own for one program, from which a single port leads to the proxy outside.

Standard library alone: the launcher uses it before it becomes the program.
"""

import ctypes
import fcntl
import os
import socket
import struct
import threading
from contextlib import suppress

PORT = 3128
"""Where the program finds the proxy, on the loopback of its own network."""

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_SET_FLAGS, _UP = 0x8914, 1
_CHUNK = 65_536


def enter(path: str) -> None:
    """Have this process, and all it starts, alone on a network, with the proxy at the socket `path`.

    Who serves the port becomes a child of the launcher. Raises OSError where the kernel refuses.
    """
    _unshare()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))
    listener = socket.create_server(("127.0.0.1", PORT), backlog=128)
    if os.fork():
        listener.close()
        os.wait()
        return
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):  # the program's, which end with it
        os.dup2(null, stream)
    _serve(listener, path)


def _unshare() -> None:
    """A network namespace, in a user namespace where we have no right to one."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not libc.unshare(_NEW_NET):
        return
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NET):
        code = ctypes.get_errno()
        raise OSError(code, f"no network of its own: {os.strerror(code)}")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        handle = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(handle, line.encode())
        os.close(handle)


def _serve(listener: socket.socket, path: str) -> None:
    while True:
        inner, _ = listener.accept()
        threading.Thread(target=_join, args=(inner, path), daemon=True).start()


def _join(inner: socket.socket, path: str) -> None:
    outer = socket.socket(socket.AF_UNIX)
    with inner, outer, suppress(OSError):
        outer.connect(path)
        back = threading.Thread(target=_copy, args=(outer, inner), daemon=True)
        back.start()
        _copy(inner, outer)
        back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
