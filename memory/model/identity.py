"""Who and where: people, threads and messages on any platform (law 6)."""

from enum import StrEnum

from memory.model.base import Model


class Identity(Model):
    """A person, by the ids of the platform; `display` is for showing only, never for deciding."""

    platform: str
    workspace: str
    user_id: str
    display: str = ""

    @property
    def key(self) -> str:
        """The stable text form `platform:workspace:user`."""
        return f"{self.platform}:{self.workspace}:{self.user_id}"

    def same(self, other: "Identity") -> bool:
        """Whether both are one person, whatever they are called at the moment."""
        return self.key == other.key


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

    def channel_ref(self) -> "ThreadRef":
        """The channel this thread hangs under."""
        return self.model_copy(update={"thread": ""})


class MessageRef(Model):
    """One posted message; `message` is the platform's id (Slack's ts, Discord's snowflake)."""

    where: ThreadRef
    message: str
