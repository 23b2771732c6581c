"""Who and where: people, threads and messages on any platform (law 6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator

from memory.model.base import Model
from memory.model.errors import BadInput

KEY_PARTS: Final = 3
"""Platform, workspace and user: any fewer could be anybody's."""


def whole(key: str) -> str:
    """The key as it is. Raises ValueError for a bare id, which could be anybody's anywhere."""
    parts = key.split(":", KEY_PARTS - 1)
    if len(parts) == KEY_PARTS and all(part and part == part.strip() for part in parts):
        return key
    raise ValueError(
        f"“{key}” isn't a whole id; give platform, workspace and user, such as slack:T01ABCD:U01ANA"
    )


WholeId = Annotated[str, AfterValidator(whole)]
"""An identity's key, checked: a bare id is refused wherever one is read."""


def either(key: str) -> str:
    """The key of a person or of a workspace, as it is. Raises ValueError for anything shorter."""
    platform, _, workspace = key.partition(":")
    return key if platform and workspace.strip() and key.count(":") == 1 else whole(key)


PersonOrWorkspace = Annotated[str, AfterValidator(either)]
"""Somebody by a whole id, or everyone of a workspace by `platform:workspace`."""


class Identity(Model):
    """A person, by the ids of the platform; `display` is for showing only, never for deciding."""

    platform: str
    workspace: str
    user_id: str
    display: str = ""

    @classmethod
    def of(cls, key: str) -> "Identity":
        """The person with this key. Raises BadInput for a bare id, which could be anybody's."""
        try:
            platform, workspace, user_id = whole(key.strip()).split(":", KEY_PARTS - 1)
        except ValueError:
            raise BadInput(
                "{id} isn't a whole id. Give platform, workspace and user, such as "
                "slack:T01ABCD:U01ANA.",
                id=key,
            ) from None
        return cls(platform=platform, workspace=workspace, user_id=user_id)

    @property
    def key(self) -> str:
        """The stable text form `platform:workspace:user`."""
        return f"{self.platform}:{self.workspace}:{self.user_id}"

    def same(self, other: "Identity") -> bool:
        """Whether both are this identity, whatever it's called at the moment."""
        return self.key == other.key


_SPANNING: Final = {"discord": "@me"}
"""Platforms whose user ids are one account in every workspace, and the workspace it's kept under."""


def account(key: str) -> str:
    """The account behind an identity's key: on Discord it's one in every server."""
    platform, _, rest = key.partition(":")
    if not spans(key):
        return key
    return f"{platform}:{_SPANNING[platform]}:{rest.partition(':')[2]}"


def spans(key: str) -> bool:
    """Whether the identity's account is the same one in every workspace of its platform."""
    return key.partition(":")[0] in _SPANNING


def admits(listed: frozenset[str], key: str) -> bool:
    """Whether a list of people and workspaces has this identity in it; an empty one has everybody."""
    home, mine = ":".join(key.split(":", KEY_PARTS - 1)[:2]), account(key)
    return not listed or home in listed or mine in map(account, listed)


@dataclass(frozen=True)
class People:
    """Which accounts are one person's: person by account. `ever` also knows links that were undone.

    Rights follow links that hold; whoever was ever one person is never counted as two.
    """

    linked: Mapping[str, str] = field(default_factory=dict)
    ever: Mapping[str, str] = field(default_factory=dict)

    def person(self, key: str) -> str:
        """The person of this identity, as links are now; without any, its account."""
        mine = account(key)
        return self.linked.get(mine, mine)

    def counted(self, key: str) -> str:
        """The person as whom this identity counts where several have to agree."""
        mine = account(key)
        return self.ever.get(mine, mine)

    def are_one(self, key: str, other: str) -> bool:
        """Whether both identities are one person's now, so that what one may the other may."""
        return self.person(key) == self.person(other)

    def were_one(self, key: str, other: str) -> bool:
        """Whether they are or ever were one person's, so that neither approves for the other."""
        return self.counted(key) == self.counted(other)


UNLINKED: Final = People()
"""Nobody has linked anything."""


class Standing(StrEnum):
    """What a person is to the workspace they write in, as the platform says."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    """Of another organisation, such as by Slack Connect, or of none any more."""
    BOT = "bot"
    UNKNOWN = "unknown"
    """The platform couldn't be asked."""


OUTSIDERS: Final = frozenset(Standing) - {Standing.MEMBER}
"""Those who may only look, whatever role was given to them in the chat."""


class Role(StrEnum):
    """What a person is in a project, from most to least rights."""

    OWNER = "owner"
    APPROVER = "approver"
    MEMBER = "member"
    VIEWER = "viewer"


class ThreadRef(Model):
    """A channel, or a thread in it (`thread` is "" for the channel itself)."""

    platform: str
    workspace: str
    channel: str
    thread: str = ""

    @property
    def key(self) -> str:
        """The stable text form `platform:workspace:channel:thread`."""
        return f"{self.platform}:{self.workspace}:{self.channel}:{self.thread}"

    @property
    def direct(self) -> bool:
        """Whether only one person and the bot talk here, by the platforms' own ids."""
        slack = self.platform == "slack" and self.channel.startswith("D")
        return slack or (self.platform == "discord" and self.workspace == "@me")

    def channel_ref(self) -> "ThreadRef":
        """The channel this thread hangs under."""
        return self.model_copy(update={"thread": ""})


class MessageRef(Model):
    """One posted message; `message` is the platform's id (Slack's ts, Discord's snowflake)."""

    where: ThreadRef
    message: str

    @property
    def posted_at(self) -> datetime | None:
        """When it was posted by the platform's own clock, None where its ids don't tell."""
        match self.where.platform:
            case "slack":
                seconds, _, micros = self.message.partition(".")
            case "discord":
                seconds, micros = _moment_of(self.message)
            case _:
                return None
        if not (seconds.isdecimal() and micros.isdecimal()):
            return None
        return _ORIGIN + timedelta(seconds=int(seconds), microseconds=int(micros))


_ORIGIN: Final = datetime.fromtimestamp(0, UTC)
_DISCORD_MS: Final = 1_420_070_400_000
"""The first moment of 2015, from which Discord's ids count milliseconds in all but 22 bits."""


def _moment_of(snowflake: str) -> tuple[str, str]:
    """The seconds and microseconds of Discord's id, "" where it's none."""
    if not snowflake.isdecimal():
        return "", ""
    seconds, millis = divmod((int(snowflake) >> 22) + _DISCORD_MS, 1000)
    return str(seconds), str(millis * 1000)
