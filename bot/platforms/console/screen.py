"""Where lines appear: a plain stream, or a terminal whose prompt stays at the bottom."""

from collections.abc import Callable
from typing import Protocol, TextIO


class Screen(Protocol):
    """Somewhere to print. `pictures` names the protocol for inline pictures, "" for none."""

    styled: bool
    pictures: str
    columns: int

    def print(self, lines: list[str]) -> None:
        """Put the lines there, oldest first."""
        ...

    def live(self, line: str) -> None:
        """Show what is under way in a place that changes; "" takes it away."""
        ...


class PlainScreen:
    """Lines one after the other, for scripts and pipes."""

    styled = False
    pictures = ""

    def __init__(self, stream: TextIO, columns: int = 100) -> None:
        self._stream = stream
        self.columns = columns

    def print(self, lines: list[str]) -> None:
        """Write the lines; letters the stream cannot write become "?"."""
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        text = "".join(f"{line}\n" for line in lines)
        self._stream.write(text.encode(encoding, errors="replace").decode(encoding))
        self._stream.flush()

    def live(self, line: str) -> None:
        """Nothing: a stream cannot take a line back."""


class PromptScreen:
    """A terminal: lines go above the prompt, what is under way into the bar below it."""

    styled = True

    def __init__(
        self,
        write: Callable[[str], None],
        refresh: Callable[[], None],
        columns: int,
        *,
        pictures: str = "",
    ) -> None:
        self._write = write
        self._refresh = refresh
        self.pictures = pictures
        self.columns = columns
        self.bar = ""

    def print(self, lines: list[str]) -> None:
        """Write the lines above the prompt."""
        self._write("".join(f"{line}\n" for line in lines))

    def live(self, line: str) -> None:
        """Change the bar."""
        if line != self.bar:
            self.bar = line
            self._refresh()
