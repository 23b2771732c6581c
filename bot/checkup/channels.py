"""Whether somebody decides in each channel."""

from typing import Final

from bot.checkup.audit_chain import Line
from bot.checkup.stored import stored
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH, Locale

NAMED: Final = 3


async def channels_without_owner(settings: Settings, _: Locale = ENGLISH) -> tuple[Line, ...]:
    """A line where channels have no owner, neither in the settings nor by role; else none."""
    from memory.store.knowledge import projects  # noqa: PLC0415 - SQLAlchemy takes 0.6 s

    found = await stored(settings, projects.without_owner) or ()
    ownerless = [
        channel.channel
        for name, channel in found
        if channel.platform != "console" and not _owned(settings, name)
    ]
    if not ownerless:
        return ()
    shown = ", ".join(ownerless[:NAMED]) + (" …" if len(ownerless) > NAMED else "")
    said = _.ngettext(
        "{count} channel has no owner: {channels}",
        "{count} channels have no owner: {channels}",
        len(ownerless),
    ).format(count=len(ownerless), channels=shown)
    remedy = _(
        "Nobody can approve there what publishes: name `owners` in orchestra.toml, or `orchestra place confirm CHANNEL --owner …`."
    )
    return (("channels", "absent", said, remedy),)


def _owned(settings: Settings, name: str) -> bool:
    named = settings.project(name)
    return named is not None and bool(named.owners)
