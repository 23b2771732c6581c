"""The terminal as a chat platform."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.chat import Attachment, OpenMessages, OutFile, Outgoing, Receive, Section, SendFailed
from bot.language.words import clean, width
from bot.platforms.console.board import Board
from bot.platforms.console.inline import inline_picture
from bot.platforms.console.markup import CODE, DIM, END, message_lines
from bot.platforms.console.screen import Screen
from memory.model.errors import StorageTrouble
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.text import text

NAME: Final = "orchestra"
JOURNAL: Final = "console/posted.json"
KEYS_KEPT: Final = 500
PREVIEWED: Final = ("text/markdown", "text/plain")
PREVIEW_LINES: Final = 30
NO_EDGE: Final = 100
"""Columns of plain text from which on a drawing may stand out to the right."""
PREVIEW_BYTES: Final = 8_000
_DONE: Final = ("✓", "✗", "❓")
"""How a task's line begins that is worth saying when a message is edited."""

Save = Callable[[str, bytes], Path]
"""Puts bytes under a path of the data folder and says where that is."""


class ConsolePlatform:
    """Shows messages on a screen; what people type comes from the session beside it.

    `session` makes message ids that no earlier session had. Keys of what was shown are kept in
    the data folder, so that after a crash nothing is shown twice.
    """

    name = "console"

    def __init__(self, screen: Screen, data: Path, save: Save, *, session: str) -> None:
        self.screen = screen
        self.board = Board()
        self.waiting: OpenMessages | None = None
        self._data = data
        self._save = save
        self._session = session
        self._count = 0
        self.posted: dict[str, MessageRef] = {}
        self._shown: dict[str, list[str]] = {}
        self._read_before: dict[str, set[str]] = {}

    async def listen(self, receive: Receive, open_messages: OpenMessages) -> None:
        """Wait until cancelled: the session hands over what is typed."""
        del receive
        self.waiting = open_messages
        await asyncio.Event().wait()

    async def post(
        self,
        thread: ThreadRef,
        out: Outgoing,
        files: Mapping[str, bytes],
        *,
        key: str,
        edits: MessageRef | None = None,
    ) -> MessageRef:
        """Show the message, or what the edit changes. Raises SendFailed when the screen is gone."""
        known = await self.find(thread, key)
        if known is not None:
            return known
        self._count += 1
        ref = edits or MessageRef(where=thread, message=f"{self._session}-{self._count}")
        try:
            if edits is not None and edits.message in self._shown:
                self._show_edit(ref, out, files)
            else:
                self._show(ref, out, files)
            self._note(key, ref)
        except (OSError, ValueError, StorageTrouble) as error:
            raise SendFailed("the terminal can't be written to: {error}", error=error) from error
        self.board.put(ref, out)
        return ref

    async def find(self, thread: ThreadRef, key: str) -> MessageRef | None:
        """The message that was shown with this key, in this session or before."""
        if not self.posted:
            self.posted = self._read(thread)
        return self.posted.get(key)

    async def react(self, message: MessageRef, emoji: str) -> None:
        """Nothing: on a terminal the answer itself shows that a line was seen."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """There are no attachments here. Raises SendFailed."""
        raise SendFailed("{name} wasn't posted on the terminal", name=attachment.name)

    async def direct(self, person: Identity) -> ThreadRef:
        """There's one screen for all. Raises SendFailed."""
        raise SendFailed("{name} can't be told alone on the terminal", name=person.display)

    def _show(self, ref: MessageRef, out: Outgoing, files: Mapping[str, bytes]) -> None:
        """Title, drawings, the rest, other files: as the message would look elsewhere."""
        self._shown[ref.message] = self._lines(out)
        self._read_before[ref.message] = set(self._shown[ref.message])
        drawn = [file for file in out.files if file.alt]
        lines = self._lines(out) if not drawn else self._lines(_part(out, out.sections[:1]))
        for file in drawn:
            lines += self._file_lines(file, files.get(file.digest, b""))
        if drawn and out.sections[1:]:
            lines += ["", *self._lines(_part(out, out.sections[1:]))]
        self._say([*lines, *self._new_files(out, files)])

    def _show_edit(self, ref: MessageRef, out: Outgoing, files: Mapping[str, bytes]) -> None:
        """Say only what is new; while work goes on, its head lives in the bar."""
        lines, before = self._lines(out), self._shown[ref.message]
        read = self._read_before[ref.message]  # in whatever form the message had by then
        new = [line for line in lines if line not in read and line.strip()]
        self._shown[ref.message] = lines
        read.update(lines)
        bar = _bar(lines)
        going = bool(bar) and any(section.buttons for section in out.sections)
        self.screen.live(bar if going else "")
        news = self._progress(bar, before, new) if bar else new + self._new_files(out, files)
        if news:
            self._say(news)

    def _progress(self, bar: str, before: list[str], new: list[str]) -> list[str]:
        """Tasks that are done, after the bar where no live one shows it."""
        done = [line for line in new if line.startswith(_DONE)]
        shown = self.screen.styled or _gist(bar) == _gist(_bar(before))
        return done if shown else [bar, *done]

    def _new_files(self, out: Outgoing, files: Mapping[str, bytes]) -> list[str]:
        """All but the picture of a plan, which is drawn once."""
        return [
            line
            for file in out.files
            if not file.alt
            for line in self._file_lines(file, files.get(file.digest, b""))
        ]

    def _lines(self, out: Outgoing) -> list[str]:
        return message_lines(out, styled=self.screen.styled, columns=self.screen.columns - 11)

    def _file_lines(self, file: OutFile, data: bytes) -> list[str]:
        if not data:
            return [text("[{file}: no longer kept]", file=file.title or file.name)]
        where = file.path or str(self._saved(file, data))
        label = f"{file.title}: {where}" if file.title not in ("", where) else where
        return ["", *self._drawn(file, data), self._styled(DIM, label), *_preview(file, data)]

    def _drawn(self, file: OutFile, data: bytes) -> list[str]:
        """The picture itself where the terminal can show it, else its drawing in characters."""
        if file.is_picture and self.screen.styled:
            picture = inline_picture(data, self.screen.pictures, columns=self.screen.columns)
            if picture:
                return [picture]
        if not file.alt or not self._fits(file.alt):
            return []
        return [self._styled(CODE, row) for row in file.alt.split("\n")]

    def _styled(self, style: str, line: str) -> str:
        return f"{style}{line}{END}" if self.screen.styled else line

    def _fits(self, drawing: str) -> bool:
        """Whether a terminal shows the drawing without breaking its lines; a file has no edge."""
        edge = self.screen.columns
        widest = max(map(width, drawing.split("\n")))
        return widest + 11 <= edge or (not self.screen.styled and edge >= NO_EDGE)

    def _saved(self, file: OutFile, data: bytes) -> Path:
        folder = "pictures" if file.is_picture else "files"
        return self._save(f"{folder}/{file.digest[:8]}-{Path(file.name).name or 'file'}", data)

    def _say(self, lines: list[str]) -> None:
        self.screen.print(spoken(NAME, lines))

    def _note(self, key: str, ref: MessageRef) -> None:
        self.posted[key] = ref
        for old in list(self.posted)[:-KEYS_KEPT]:
            del self.posted[old]
        body = {key: [ref.where.thread, ref.message] for key, ref in self.posted.items()}
        self._save(JOURNAL, json.dumps(body).encode())

    def _read(self, thread: ThreadRef) -> dict[str, MessageRef]:
        try:
            body = json.loads((self._data / JOURNAL).read_bytes())
            return {
                str(key): MessageRef(
                    where=thread.model_copy(update={"thread": str(where)}), message=str(message)
                )
                for key, (where, message) in body.items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # a new data folder, or a journal nobody can read: show rather than lose


def _part(out: Outgoing, sections: Sequence[Section]) -> Outgoing:
    return out.model_copy(update={"sections": tuple(sections)})


def _preview(file: OutFile, data: bytes) -> list[str]:
    """The beginning of a text that people were promised to see."""
    if file.media_type not in PREVIEWED:
        return []
    lines = clean(data[:PREVIEW_BYTES].decode("utf-8", errors="replace")).rstrip().split("\n")
    more = len(lines) > PREVIEW_LINES or len(data) > PREVIEW_BYTES
    shown = [f"│ {line}".rstrip() for line in lines[:PREVIEW_LINES]]
    return [*shown, "│ …"] if more else shown


def _bar(lines: list[str]) -> str:
    return next((line for line in lines if line.startswith(("▓", "░"))), "")


def _gist(bar: str) -> list[str]:
    """What of a bar is news: how many are done and what happened, not the money or "now"."""
    count, _, *notes = [*bar.split(" · "), ""]
    events = [note for note in notes if note and not note.startswith("now:")]
    return ["" if " 0/" in count else count, *events]


def spoken(name: str, lines: list[str]) -> list[str]:
    """The lines with the speaker's name before the first and room for it before the others."""
    return [
        f"{name if row == 0 else '':<10} {line}".rstrip() for row, line in enumerate(lines or [""])
    ]
