"""What the owner of an installation does to it: deletes what is old, keeps the audit log provable.

Whoever can open the database may delete what is old: no project is asked, and the executor writes
the audit row of a sweep.
"""

from datetime import timedelta

from bot.actions.act import Act, Actor, action
from bot.config.projects import is_admin
from bot.services import Desk
from executor.worker import retention
from executor.worker.anchoring import anchor
from memory.model.audit import Anchor
from memory.model.authority import About, Right, require
from memory.model.base import Model
from memory.model.errors import BadInput
from memory.model.identity import Identity, Role
from memory.privacy.seals import rotate
from memory.store.traffic import audit


class Nothing(Model):
    """No more needs to be said."""


class KeyRotated(Model):
    """The id of the key that seals from now on."""

    key: str


@action("audit.rotate_key")
async def rotate_key(act: Act, given: Nothing) -> KeyRotated:
    """Seal with a new key from now on; the older ones still check. Raises NotAllowed."""
    del given
    act.must(Right.GOVERN)
    key = rotate(act.desk.settings.seal_keys)
    await audit.begin_sealing(act.tx, at=act.now)
    await act.record("audit.key_rotated", key)
    return KeyRotated(key=key)


async def note_end(desk: Desk, person: Identity) -> Anchor | None:
    """Note the end of the log where the settings say; None where nothing was recorded yet.

    No transaction is open meanwhile, and no row is added, which would be behind what is noted.
    Raises NotAllowed, BadInput, Misconfigured, AgentUnavailable.
    """
    require(person, Role.VIEWER, Right.GOVERN, About(admin=is_admin(desk.settings, person)))
    where = desk.settings.audit
    if where.anchor_file is None and not where.anchor_url:
        raise BadInput("Set anchor_file or anchor_url under [audit] in orchestra.toml first.")
    return await anchor(desk.database, desk.clock, file=where.anchor_file, url=where.anchor_url)


async def sweep(desk: Desk, actor: Actor, days: int) -> dict[str, int]:
    """Delete what finished runs made more than `days` ago; gives back how much, by kind."""
    now, keep, by = desk.clock.now(), timedelta(days=days), actor.identity.key
    return vars(await retention.sweep(desk.database, now=now, keep=keep, by=by))


async def forecast(desk: Desk, days: int) -> dict[str, int]:
    """What a sweep would delete now. Changes nothing."""
    now, keep = desk.clock.now(), timedelta(days=days)
    return vars(await retention.forecast(desk.database, now=now, keep=keep))
