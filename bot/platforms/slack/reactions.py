"""Event ids of reactions: the same live and when read again, so none is doubled or lost.

Slack says when a reaction was added only in the live event; what is read later with
reactions.get bears no time. So the id is made of what both have, `reaction:channel:ts:user:emoji`,
and of the point since when the reaction is known to have been absent, if it is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.platforms.recent import Recent


@dataclass(frozen=True)
class Press:
    """One person's one emoji on one message."""

    channel: str
    message: str
    user: str
    emoji: str

    @property
    def key(self) -> str:
        """The part of the event id that every telling of it shares."""
        return f"reaction:{self.channel}:{self.message}:{self.user}:{self.emoji}"


@dataclass(frozen=True)
class Told:
    """A press, or its withdrawal, with the id of the event."""

    press: Press
    event_id: str
    removed: bool = False


class ReactionLog:
    """Which reactions were handed over. Call `keep` once an event is safe."""

    def __init__(self, *, started: str) -> None:
        self._started = started
        self._present: Recent[Press, str] = Recent()
        self._absent_since: Recent[Press, str] = Recent()
        self._fresh: Recent[tuple[str, str], bool] = Recent()

    def posted(self, channel: str, message: str) -> None:
        """We posted the message ourselves: before us, nothing happened to it."""
        self._fresh.put((channel, message), item=True)

    def added(self, press: Press, stamp: str) -> Told | None:
        """A live addition at `stamp`; None if its withdrawal came first."""
        since = self._absent_since.get(press)
        if since is not None and float(stamp) <= float(since):
            return None
        return Told(press, self._id(press, live=True))

    def removed(self, press: Press, stamp: str) -> Told:
        """A live withdrawal at `stamp`."""
        return Told(press, f"{press.key}:removed:{stamp}", removed=True)

    def missed(
        self, channel: str, message: str, now: Mapping[str, frozenset[str]]
    ) -> tuple[Told, ...]:
        """What happened unseen, given the people by emoji that are on the message now."""
        there = {
            Press(channel, message, user, emoji) for emoji, users in now.items() for user in users
        }
        before = {p for p in self._present.known() if (p.channel, p.message) == (channel, message)}
        ordered = sorted(there - before, key=lambda press: press.key)
        new = tuple(Told(press, self._id(press, live=False)) for press in ordered)
        gone = sorted(before - there, key=lambda press: press.key)
        return new + tuple(
            Told(press, f"{self._present.get(press)}:gone", removed=True) for press in gone
        )

    def read(self, channel: str, message: str) -> None:
        """All reactions of the message were read: from here on, additions are known to be new."""
        self._fresh.put((channel, message), bool(self._fresh.get((channel, message))))

    def keep(self, told: Told, stamp: str) -> None:
        """The event is safe; `stamp` is when it happened, or when it was noticed."""
        if told.removed:
            self._present.drop(told.press)
            self._absent_since.put(told.press, stamp)
        else:
            self._present.put(told.press, told.event_id)

    def _id(self, press: Press, *, live: bool) -> str:
        known = self._present.get(press)
        if known is not None:
            return known
        removed = self._absent_since.get(press)
        if removed is not None:
            return f"{press.key}:after:{removed}"
        fresh = self._fresh.get((press.channel, press.message))
        unseen = fresh is None and not live  # the first reading after a start
        return press.key if fresh or unseen else f"{press.key}:after:{self._started}"
