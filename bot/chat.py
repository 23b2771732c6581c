"""The chat port: everything Orchestra knows of any chat platform.

Text is Markdown of a small kind: **bold**, *italic*, `code`, fences, lists, [links](url), and
mentions as `<@user_id>`. Adapters turn it into what their platform writes, split what is too
long, and know nothing of tasks, runs or money.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from pydantic import Field

from memory.model.agents.handles import handle
from memory.model.base import Model
from memory.model.identity import Identity, MessageRef, Standing, ThreadRef
from memory.privacy.redaction import MARK, Found, Redactor

GAP = 40
TICK = "✅"
DETAILS = "details:"
"""How the action of a button begins that shows all of what its message is about, at once."""

HOME = "home:"
"""How the action of a button begins that stands at home for one of a message elsewhere."""

_LONG_GAP = re.compile(rf"\s{{{GAP + 1},}}")


def _shortened(gap: re.Match[str]) -> str:
    return gap.group()[:GAP]


class Attachment(Model):
    """A file somebody posted; `handle` is whatever the adapter needs to fetch it."""

    name: str
    media_type: str
    size: int
    handle: str


class Incoming(Model):
    """One thing a person did. `event_id` is unique and the same when the platform repeats it.

    message: `text`, `mentions` (in order), `attachments`; `addressed` when the bot was
    mentioned, replied to, or spoken to directly. The bot's own mention is removed from `text`.
    reaction: `emoji` (a Unicode emoji) on `message`; `removed` when it was taken back.
    button: `action` of the button on `message`; `text` is what was typed where it asked.
    command: `text` after the slash command's name.
    edited: what a message says since its author changed it `at` that time; deleted: `message` is
    gone. `form_of` is the event of the message as it was first said.
    """

    event_id: str
    kind: Literal["message", "reaction", "button", "command", "edited", "deleted"]
    thread: ThreadRef
    author: Identity
    message: str = ""
    text: str = ""
    mentions: tuple[Identity, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    addressed: bool = True
    emoji: str = ""
    removed: bool = False
    action: str = ""
    form_of: str = ""
    at: datetime
    standing: Standing | None = None
    """What the author is to the workspace, where the platform tells."""
    secrets: tuple[str, ...] = ()
    """What kinds of secrets were taken out of `text`, in words."""
    asks: bool = Field(default=False, exclude_if=lambda asks: not asks)
    """They're given as work to be done, whatever else the words could mean."""

    def without_long_gaps(self) -> "Incoming":
        """The same with no more than `GAP` blanks or empty lines in a row.

        What reads the words takes time by the square of a gap, or worse: 40,000 blanks took minutes.
        """
        return self.model_copy(update={"text": _LONG_GAP.sub(_shortened, self.text)})

    def without_secrets(self, redactor: Redactor, *stated: Found) -> "Incoming":
        """The same with every secret blotted out, before anything is stored of it; those `stated`
        are, whatever they look like.
        """
        text = self.text
        for secret in stated:
            text = text.replace(secret.value, MARK)
        clean = redactor(text)
        if clean == self.text:
            return self
        kinds = redactor.kinds(self.text) or tuple(handle(secret.kind) for secret in stated)
        return self.model_copy(update={"text": clean, "secrets": kinds})


def edit_id(message_event: str, stamp: str = "") -> str:
    """The id of the event that tells of a message's edit; without a stamp, how those begin."""
    return f"edited:{message_event}:{stamp}"


def deletion_id(message_event: str) -> str:
    """The id of the event that tells of a message's deletion."""
    return f"deleted:{message_event}"


class Button(Model):
    """Something to press. `asks` makes it open a field with that label and send what is typed."""

    action: str
    label: str
    style: Literal["plain", "primary", "danger"] = "plain"
    asks: str = ""


Part = Literal["text", "headline", "state", "tasks", "facts", "votes"]
"""What a paragraph is to its message, as far as platforms draw it in a form of its own."""

Tone = Literal["plain", "waiting", "working", "paused", "done", "failed", "closed"]
"""How the matter of a message stands; "plain" for one that is mere words."""


class Fact(Model):
    """What something costs, takes, changes or needs, under its name."""

    name: str
    value: str


class Grid(Model):
    """A table as cells, under the sentence that leads to it and before the notes on it.

    `numbers` says of each column whether its cells stand at the right.
    """

    lead: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    notes: str = ""


class Section(Model):
    """A paragraph with the buttons that belong to it.

    `full` is the same with all its details, for where there's room; `facts` and `grid` are what `text`
    says, cell by cell.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    part: Part = "text"
    full: str = ""
    facts: tuple[Fact, ...] = ()
    grid: Grid | None = None

    @property
    def whole(self) -> str:
        """All there is to say."""
        return self.full or self.text


def facts(*known: Fact, buttons: tuple[Button, ...] = (), full: str = "") -> Section:
    """A paragraph of facts; `full` is said before them where there's room."""
    line = " · ".join(f"{fact.name}: {fact.value}" for fact in known)
    whole = f"{full}\n{line}" if full else ""
    return Section(text=line, full=whole, facts=known, buttons=buttons, part="facts")


class OutFile(Model):
    """A file or picture to show, by the digest of its bytes.

    `alt` is the picture in characters, for a terminal (fixed width, several lines); `path` is
    where it lies beneath the project's folder, "" where it does not.
    """

    name: str
    digest: str
    media_type: str
    title: str = ""
    alt: str = ""
    path: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether to show it rather than offer it."""
        return self.media_type.startswith("image/")


class Outgoing(Model):
    """What is shown: words, or the card of a plan, a run or a result, whatever draws it.

    `reactions` are those that mean something on it. A `tone` makes it a card. `version` is that
    of the form it's stored in; rows of before have none, and the same meaning.
    """

    sections: tuple[Section, ...]
    files: tuple[OutFile, ...] = ()
    reactions: tuple[str, ...] = ()
    tone: Tone = "plain"
    version: Literal[1] = 1

    @property
    def text(self) -> str:
        """All there is to say as one text."""
        return "\n\n".join(section.whole for section in self.sections if section.whole)

    @property
    def seeds(self) -> tuple[str, ...]:
        """The reactions the bot puts under it itself: beside buttons the tick alone."""
        if not any(section.buttons for section in self.sections):
            return self.reactions
        return tuple(emoji for emoji in self.reactions if emoji == TICK)


def say(text: str, *, files: tuple[OutFile, ...] = ()) -> Outgoing:
    """A message of one paragraph."""
    return Outgoing(sections=(Section(text=text),), files=files)


Receive = Callable[[Incoming], Awaitable[None]]
"""Stores the event; when it returns, the event is safe and may be acknowledged."""

Holds = Literal["", "thread", "channel", "platform"]

Details = Callable[[MessageRef, str], Awaitable[str]]
"""All there is to say of what a message shows, by what follows DETAILS; "" where it's unknown."""

Home = Callable[[Identity, Standing | None], Awaitable[Outgoing]]
"""What a person sees of all their work, as far as they may."""


class Prompt(Model):
    """Words to begin with; whoever presses the title says them."""

    title: str
    words: str


Prompts = Callable[[Identity, Standing | None, ThreadRef], Awaitable[tuple[Prompt, ...]]]
"""What a person could say in their direct messages."""

OpenMessages = Callable[[], Awaitable[tuple[MessageRef, ...]]]
"""The messages on which a reaction would still decide something."""


class ChatPlatform(Protocol):
    """A place where people talk. Failing calls raise SendFailed."""

    name: str

    async def listen(self, receive: Receive, open_messages: OpenMessages) -> None:
        """Hand every event to `receive` until cancelled; reconnect by itself.

        Reactions that were given to `open_messages` while nobody listened are handed over too.
        Raises Misconfigured when the platform refuses the credentials.
        """
        ...

    async def post(
        self,
        thread: ThreadRef,
        out: Outgoing,
        files: Mapping[str, bytes],
        *,
        key: str,
        edits: MessageRef | None = None,
    ) -> MessageRef:
        """Send the message, or turn the one it edits into it. `files` has bytes by digest."""
        ...

    async def find(self, thread: ThreadRef, key: str) -> MessageRef | None:
        """The message that was sent with this key, if it arrived (after an ambiguous send)."""
        ...

    async def react(self, message: MessageRef, emoji: str) -> None:
        """Put a reaction under a message, to show that it was seen."""
        ...

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file somebody posted."""
        ...

    async def direct(self, person: Identity) -> ThreadRef:
        """Where only this person reads what is posted."""
        ...


@runtime_checkable
class ShowsDetails(Protocol):
    """A platform where details are shown to whoever asks, and to nobody else."""

    def explain(self, details: Details) -> None:
        """Where to ask for them."""
        ...


@runtime_checkable
class ShowsHome(Protocol):
    """A platform where each person has a place that only they see."""

    def at_home(self, home: Home) -> None:
        """Where to ask for what it shows."""
        ...

    def address(self, message: MessageRef) -> str:
        """Where a message can be opened, "" where nothing says."""
        ...

    async def refresh_homes(self) -> None:
        """Show anew those that are open and are no longer what they were."""
        ...


@runtime_checkable
class AgentSurface(Protocol):
    """A platform with a place of its own for agents."""

    def suggest(self, prompts: Prompts) -> None:
        """Where to ask for words to begin with."""
        ...

    async def status(self, thread: ThreadRef, words: str) -> bool:
        """Say there for a while what is being done, "" for nothing; False where that isn't shown."""
        ...


@runtime_checkable
class Pins(Protocol):
    """A platform where a message can be pinned to its channel."""

    async def pin(self, message: MessageRef) -> None:
        """Pin it; one that is pinned stays so. Raises SendFailed."""
        ...


class SendFailed(Exception):
    """A message did not go out. `ambiguous`: it may have. `retry_after_s` None: do not retry.

    `holds`: nothing goes out to that thread, channel or platform until somebody mends it there;
    what is to be said waits. `message` and `params` as in an OrchestraError.
    """

    def __init__(
        self,
        message: str,
        *,
        ambiguous: bool = False,
        retry_after_s: float | None = None,
        holds: Holds = "",
        **params: object,
    ) -> None:
        super().__init__(message.format(**params) if params else message)
        self.message = message
        self.params = params
        self.ambiguous = ambiguous
        self.retry_after_s = retry_after_s
        self.holds = holds
