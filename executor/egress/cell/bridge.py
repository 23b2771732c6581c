"""The one port that leads from a program's own network to the proxy outside.

Standard library alone: the launcher uses it before it becomes the program.
"""

import fcntl
import os
import socket
import struct
import threading
from contextlib import suppress

PORT = 3128
"""Where the program finds the proxy, on the loopback of its own network."""

_SET_FLAGS, _UP = 0x8914, 1
_CHUNK = 65_536


def enter(path: str) -> None:
    """On a network of our own, open the port to the proxy at the socket `path`.

    Who serves the port becomes a child of the launcher. Raises OSError where the kernel refuses.
    """
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
