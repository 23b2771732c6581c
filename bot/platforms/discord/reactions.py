"""Event ids of reactions: the same live and when read again, so none is doubled or lost.

Discord gives reactions neither ids nor times, so an id is made of what both tellings have,
`reaction:channel:message:user:emoji`, and, where it is known that the reaction was absent
before, of the point since when. A withdrawal bears its place in the gateway's session.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.platforms.recent import Recent


@dataclass(frozen=True)
class Press:
    """One person's one emoji on one message."""

    channel: int
    message: int
    user: int
    emoji: str

    @property
    def key(self) -> str:
        """The part of the event id that every telling of it shares."""
        return f"reaction:{self.channel}:{self.message}:{self.user}:{self.emoji}"


class ReactionLog:
    """Which reactions are there, and under which event id each was handed over."""

    def __init__(self, *, started: str) -> None:
        self._started = started
        self._present: Recent[Press, str] = Recent()
        self._absent_since: Recent[Press, str] = Recent()
        self._fresh: Recent[int, bool] = Recent()

    def posted(self, message: int) -> None:
        """We posted the message ourselves: before us, nothing happened to it."""
        self._fresh.put(message, item=True)

    def knows(self, press: Press) -> bool:
        """Whether the message is ours, as far as is remembered."""
        return self._fresh.get(press.message) is not None or self._present.get(press) is not None

    def added(self, press: Press, *, live: bool = True) -> str:
        """The event id of a reaction that is there."""
        known = self._present.get(press)
        if known is not None:
            return known
        event_id = self._new_id(press, live=live)
        self._present.put(press, event_id)
        return event_id

    def removed(self, press: Press, stamp: str) -> str:
        """The event id of a withdrawal; `stamp` is its place in the session."""
        self._present.drop(press)
        self._absent_since.put(press, stamp)
        return f"{press.key}:removed:{stamp}"

    def missed(
        self, message: int, now: Iterable[Press]
    ) -> tuple[tuple[Press, ...], tuple[tuple[Press, str], ...]]:
        """What is there now (each to be `added`), and the withdrawals nobody told of."""
        there = set(now)
        gone = [p for p in self._present.known() if p.message == message and p not in there]
        lost = []
        for press in gone:
            since = self._present.get(press) or press.key
            self._present.drop(press)
            self._absent_since.put(press, since)
            lost.append((press, f"{since}:gone"))
        return tuple(sorted(there, key=lambda press: press.key)), tuple(lost)

    def read(self, message: int) -> None:
        """All reactions of the message were read: from here on, additions are known to be new."""
        self._fresh.put(message, bool(self._fresh.get(message)))

    def _new_id(self, press: Press, *, live: bool) -> str:
        removed = self._absent_since.get(press)
        if removed is not None:
            return f"{press.key}:after:{removed}"
        fresh = self._fresh.get(press.message)
        first_reading = fresh is None and not live
        return press.key if fresh or first_reading else f"{press.key}:after:{self._started}"
