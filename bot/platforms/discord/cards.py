"""Cards in Discord's components: a container in the colour of their state, pictures and buttons.

Such a message has no content, only components, and can't turn back into one that has. So words
stay plain messages, which notifications show and the search finds, and only cards are drawn so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import Any, Final

import discord

from bot.chat import OutFile, Outgoing, Section
from bot.platforms.discord.buttons import Actions, row_of
from bot.platforms.tones import COLOURS, ICONS
from memory.model.text import text

TEXT_CHARS: Final = 3900
"""Discord takes 4000 characters in all components together; the rest is for the key."""

SHORTEST: Final = 200
"""What is left of a text that is cut, at least, as long as another can be cut as well."""

COMPONENTS: Final = 40
PICTURES: Final = 10
WHOLE: Final = "message.md"
_TEXT_DISPLAY: Final = 10

FILE_BYTES: Final = 10 * 1024 * 1024
"""What a server without boosts takes per file."""

FILES: Final = 10
_UNSAFE: Final = re.compile(r"[^\w.-]+", re.ASCII)

Item = discord.ui.Item[discord.ui.LayoutView]


@dataclass(frozen=True)
class Shown:
    """A file that comes with the card."""

    name: str
    title: str
    is_picture: bool

    @classmethod
    def of(cls, file: OutFile, name: str) -> "Shown":
        """The file under its name on Discord."""
        return cls(name, file.title, file.is_picture)

    @property
    def uri(self) -> str:
        """How a component names it."""
        return f"attachment://{self.name}"


class Drawn:
    """A card ready to be sent: its components, and what comes with it.

    `kept`: the attachments that stay, `uploads` those that are new; `shown` the files of both.
    """

    def __init__(
        self,
        out: Outgoing,
        files: Mapping[str, bytes],
        known: Mapping[str, discord.Attachment],
        actions: Actions,
        mark: str,
    ) -> None:
        fit, cut = fitted(out, more=missing(out, files))
        wanted = [file for file in out.files if fits(file, files)][: FILES - cut]
        stay, new = _parted(wanted, known)
        self.shown = [*stay, *new]  # those that stay come first in the answer, too
        self.kept = [known[file.digest] for file in stay]
        names = _names([kept.filename for kept in self.kept], new)
        self.uploads = [
            upload(file, files, name) for file, name in zip(new, names[len(stay) :], strict=True)
        ]
        drawn = [*map(Shown.of, self.shown, names)]
        if cut:
            self.uploads.append(whole(out.text))
            drawn.append(Shown(WHOLE, "", is_picture=False))
        self.words = "\n".join(section.text for section in fit.sections)
        self.view = layout(fit, actions, files=drawn, mark=mark)


def layout(
    out: Outgoing, actions: Actions, *, files: Sequence[Shown], mark: str
) -> discord.ui.LayoutView:
    """The card's components; `out` has been made to fit. The mark ends the last of its texts.

    The view is stopped at once: discord.py would keep every live view in memory for ever, and
    presses are taken from the gateway anyway.
    """
    items = _items(out, actions, files, mark)
    if sum(map(_weight, items)) > COMPONENTS - 1:
        items = _dense(out, actions, files, mark)
    built = discord.ui.LayoutView(timeout=None)
    if out.tone in COLOURS:
        built.add_item(discord.ui.Container(*items, accent_colour=COLOURS[out.tone]))
    else:
        for item in items:
            built.add_item(item)
    built.stop()
    return built


def fitted(out: Outgoing, *, more: Sequence[str] = ()) -> tuple[Outgoing, bool]:
    """The card with texts that Discord takes, and whether any was cut; its longest are.

    `more`: sentences to put after the others.
    """
    sections = (*out.sections, *(Section(text=line) for line in more))
    over = sum(len(_words(section, out)) + 1 for section in sections) - TEXT_CHARS
    if over <= 0:
        return out.model_copy(update={"sections": sections}), False
    note = Section(text=f"-# {text('(the whole text is in `{file}`)', file=WHOLE)}")
    texts = _cut([section.text for section in sections], over + len(note.text) + 1)
    cut = [
        section
        if words == section.text
        else section.model_copy(update={"text": words, "facts": ()})
        for section, words in zip(sections, texts, strict=True)
    ]
    last = next((row for row, section in enumerate(cut) if section.part == "facts"), len(cut))
    return out.model_copy(update={"sections": (*cut[:last], note, *cut[last:])}), True


def _cut(texts: list[str], over: int) -> list[str]:
    """The texts with so many characters less, taken from the longest."""
    while over > 0:
        longest = max(range(len(texts)), key=lambda index: len(texts[index]))
        length = len(texts[longest])
        kept = max(length - over - 1, min(SHORTEST, length // 2))
        texts[longest] = texts[longest][:kept].rstrip() + "…"
        over -= length - kept - 1
    return texts


def words_of(message: dict[str, Any]) -> str:
    """A message's content, or the last text among its components: what ends in the mark."""
    if message.get("content"):
        return str(message["content"])
    return next(reversed([*_texts(message.get("components") or [])]), "")


def fits(file: OutFile, files: Mapping[str, bytes]) -> bool:
    """Whether Discord takes a file of that size."""
    return len(files[file.digest]) <= FILE_BYTES


def missing(out: Outgoing, files: Mapping[str, bytes]) -> list[str]:
    """A line for each file that Discord would not take."""
    left = [
        text("`{file}` is too large for Discord (10 MB).", file=file.name)
        for file in out.files
        if not fits(file, files)
    ]
    over = [file for file in out.files if fits(file, files)][FILES:]
    return left + [text("`{file}` didn't fit into this message.", file=file.name) for file in over]


def upload(file: OutFile, files: Mapping[str, bytes], name: str = "") -> discord.File:
    """The file as it is sent, under another name where one is given."""
    description = file.title[:1024] or None
    data = BytesIO(files[file.digest])
    return discord.File(data, filename=name or file.name, description=description)


def whole(words: str) -> discord.File:
    """A text that was too long, as a file."""
    return discord.File(BytesIO(words.encode()), filename=WHOLE)


def _texts(components: Iterable[dict[str, Any]]) -> Iterable[str]:
    for component in components:
        if component.get("type") == _TEXT_DISPLAY:
            yield str(component["content"])
        yield from _texts(component.get("components") or [])


def _items(out: Outgoing, actions: Actions, files: Sequence[Shown], mark: str) -> list[Item]:
    texts = [_words(section, out) for section in out.sections]
    last = max((row for row, words in enumerate(texts) if words), default=-1)
    if last < 0:
        return _dense(out, actions, files, mark)
    texts[last] += mark
    seen: set[str] = set()
    parts = [
        [*_paragraph(words, section), *_rows(section, actions, seen)]
        for section, words in zip(out.sections, texts, strict=True)
    ]
    top = sum(section.part in {"headline", "state"} for section in out.sections)
    return [*chain(*parts[:top]), *_gallery(files), *chain(*parts[top:]), *_attached(files)]


def _paragraph(words: str, section: Section) -> list[Item]:
    line: list[Item] = [discord.ui.Separator()] if section.part == "facts" else []
    return [*line, discord.ui.TextDisplay(words)] if words else []


def _dense(out: Outgoing, actions: Actions, files: Sequence[Shown], mark: str) -> list[Item]:
    """The same in few components: one text, as many buttons as there's room for."""
    words = "\n\n".join(filter(None, (_words(section, out) for section in out.sections)))
    every = Section(text="", buttons=tuple(b for section in out.sections for b in section.buttons))
    return [
        discord.ui.TextDisplay((words or "…") + mark),
        *_gallery(files),
        *_rows(every, actions, set())[:5],
        *_attached(files)[:PICTURES],
    ]


def _words(section: Section, out: Outgoing) -> str:
    match section.part:
        case "headline":
            return f"### {section.text}"
        case "state" if out.tone in ICONS:
            return f"{ICONS[out.tone]} {section.text}"
        case "facts" if section.facts:
            return "\n".join(f"**{fact.name}** {fact.value}" for fact in section.facts)
        case _:
            return section.text


def _rows(section: Section, actions: Actions, seen: set[str]) -> list[Item]:
    return [
        discord.ui.ActionRow(*row)
        for start in range(0, len(section.buttons), 5)
        if (row := row_of(section.buttons[start : start + 5], actions, seen))
    ]


def _gallery(files: Sequence[Shown]) -> list[Item]:
    pictures = [file for file in files if file.is_picture][:PICTURES]
    if not pictures:
        return []
    items = [
        discord.MediaGalleryItem(file.uri, description=file.title[:1024] or None)
        for file in pictures
    ]
    return [discord.ui.MediaGallery(*items)]


def _attached(files: Sequence[Shown]) -> list[Item]:
    return [discord.ui.File(file.uri) for file in files if not file.is_picture]


def _weight(item: Item) -> int:
    return 1 + len(item.children) if isinstance(item, discord.ui.ActionRow) else 1


def _parted(
    files: Sequence[OutFile], known: Mapping[str, discord.Attachment]
) -> tuple[list[OutFile], list[OutFile]]:
    """Those that are there already, and those that aren't."""
    stay = [file for file in files if file.digest in known]
    return stay, [file for file in files if file not in stay]


def _names(taken: list[str], new: Sequence[OutFile]) -> list[str]:
    """The names that are taken and those of new files, as Discord keeps them, each once."""
    names = [*taken]
    for file in new:
        safe = _UNSAFE.sub("_", file.name).strip("_") or "file"
        while safe in {*names, WHOLE}:
            safe = f"_{safe}"
        names.append(safe)
    return names
