"""Which messages and threads are ours, as far as the adapter remembers."""

from bot.platforms.recent import Recent
from memory.model.identity import ThreadRef


class Known:
    """Where our messages hang, and which threads we are in."""

    def __init__(self) -> None:
        self.threads: Recent[tuple[str, str], ThreadRef] = Recent()
        """By (channel, ts) of a message of ours."""
        self.ours: Recent[tuple[str, str], bool] = Recent()
        """By (channel, thread): whether the bot takes part in it."""

    def posted(self, where: ThreadRef, message: str) -> None:
        """A message of ours is there."""
        self.threads.put((where.channel, message), where)
        self.ours.put((where.channel, where.thread or message), item=True)
