"""What an adapter remembers while it runs; losing it costs a look-up, never an event."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Item = TypeVar("Item")


class Recent(Generic[Key, Item]):
    """A dictionary that forgets what was not used for longest."""

    def __init__(self, most: int = 10_000) -> None:
        self._items: OrderedDict[Key, Item] = OrderedDict()
        self._most = most

    def get(self, key: Key) -> Item | None:
        """What was put there, if it is still known."""
        if key in self._items:
            self._items.move_to_end(key)
        return self._items.get(key)

    def put(self, key: Key, item: Item) -> None:
        """Remember it, and forget the oldest where there are too many."""
        self._items[key] = item
        self._items.move_to_end(key)
        if len(self._items) > self._most:
            self._items.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Forget it."""
        self._items.pop(key, None)

    def known(self) -> tuple[Key, ...]:
        """All that is remembered, what was not used for longest first."""
        return tuple(self._items)
