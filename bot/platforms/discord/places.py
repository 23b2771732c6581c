"""Where something happened, and who did it, in the words of the chat port."""

import discord

from memory.model.identity import Identity, ThreadRef

DIRECT = "@me"
"""The workspace of direct messages, as in Discord's own addresses."""


def thread_ref(channel: object) -> ThreadRef | None:
    """The place of a channel or thread; None where it is not known what it hangs under."""
    match channel:
        case discord.Thread():
            return ref(channel.guild.id, channel.parent_id, channel.id)
        case discord.abc.GuildChannel():
            return ref(channel.guild.id, channel.id)
        case discord.DMChannel() | discord.GroupChannel():
            return ref(None, channel.id)
        case _:
            return None


def ref(guild: int | None, channel: int, thread: int | None = None) -> ThreadRef:
    """A place by its ids."""
    return ThreadRef(
        platform="discord",
        workspace=str(guild or DIRECT),
        channel=str(channel),
        thread=str(thread or ""),
    )


def target(where: ThreadRef, message: str = "") -> int:
    """The channel to call: the message that a thread hangs on is not in the thread."""
    if where.thread and where.thread != message:
        return int(where.thread)
    return int(where.channel)


def identity(user: discord.abc.User, guild: int | None) -> Identity:
    """A person in a server, or in direct messages."""
    return identity_of(user.id, guild, user.display_name)


def identity_of(user: int, guild: int | None, display: str = "") -> Identity:
    """A person by ids."""
    return Identity(
        platform="discord", workspace=str(guild or DIRECT), user_id=str(user), display=display
    )
