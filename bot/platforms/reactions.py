"""Event ids of reactions: the same live and when read again, so none is doubled or lost.

Where reactions are read, neither Slack nor Discord says when they were given. So an id is made of
what a live event and a reading both have, `reaction:channel:message:user:emoji`, and of the point
since when the reaction is known to have been absent, if it is known.
"""

from collections.abc import Collection
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
        """The part of the event id that a live event and a reading share."""
        return f"reaction:{self.channel}:{self.message}:{self.user}:{self.emoji}"


@dataclass(frozen=True)
class Reaction:
    """A press, or its withdrawal, with the id of the event."""

    press: Press
    event_id: str
    removed: bool = False


class ReactionLog:
    """Which reactions were handed over. Call `keep` for each that was, or is sure to be.

    A stamp is a point in time as the platform writes it.
    """

    def __init__(self, *, started: str) -> None:
        self._started = started
        self._present: Recent[Press, str] = Recent()
        self._absent_since: Recent[Press, str] = Recent()
        self._fresh: Recent[tuple[str, str], bool] = Recent()

    def posted(self, channel: str, message: str) -> None:
        """We posted the message ourselves: before us, nothing happened to it."""
        self._fresh.put((channel, message), item=True)

    def knows(self, press: Press) -> bool:
        """Whether the message is ours, as far as is remembered."""
        fresh = self._fresh.get((press.channel, press.message))
        return fresh is not None or self._present.get(press) is not None

    def added(self, press: Press, stamp: str = "") -> Reaction | None:
        """A live addition; None if its withdrawal, at a later stamp, came first."""
        since = self._absent_since.get(press)
        if stamp and since is not None and float(stamp) <= float(since):
            return None
        return Reaction(press, self._id(press, live=True))

    def removed(self, press: Press, stamp: str) -> Reaction:
        """A live withdrawal at `stamp`."""
        return Reaction(press, f"{press.key}:removed:{stamp}", removed=True)

    def missed(
        self, channel: str, message: str, there: Collection[Press], *, again: bool = False
    ) -> tuple[Reaction, ...]:
        """What happened unseen, given what is on the message now.

        `again`: also what was handed over before, with the same event ids.
        """
        before = {
            press
            for press in self._present.known()
            if (press.channel, press.message) == (channel, message)
        }
        new = sorted({*there} if again else {*there} - before, key=lambda press: press.key)
        gone = sorted(before - {*there}, key=lambda press: press.key)
        return (
            *(Reaction(press, self._id(press, live=False)) for press in new),
            *(Reaction(press, f"{self._present.get(press)}:gone", removed=True) for press in gone),
        )

    def read(self, channel: str, message: str) -> None:
        """All reactions of the message were read: from here on, additions are known to be new."""
        self._fresh.put((channel, message), bool(self._fresh.get((channel, message))))

    def keep(self, reaction: Reaction, stamp: str = "") -> None:
        """The event is safe; `stamp` is when it happened, or when it was noticed."""
        if reaction.removed:
            self._present.drop(reaction.press)
            self._absent_since.put(reaction.press, stamp)
        else:
            self._present.put(reaction.press, reaction.event_id)

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
