"""What is remembered of how people like their work done."""

from bot.queries.asking import Asking
from memory.model.work.preference import Preference
from memory.store.planning import preferences


async def remembered(asking: Asking) -> tuple[Preference, ...]:
    """The project's preferences, then the person's own, each by age."""
    asking.must_see()
    return await preferences.kept(asking.connection, asking.project, asking.person.key)
