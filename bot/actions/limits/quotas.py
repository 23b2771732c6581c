"""Setting a quota: how many messages, plans, runs and bytes somebody may take up."""

from typing import Literal

from pydantic import Field

from bot.actions.act import Act, action
from memory.model.authority import Right
from memory.model.base import Model
from memory.model.errors import BadInput
from memory.model.work.quotas import MOST, Counted, Scope, Share
from memory.store.knowledge import projects
from memory.store.traffic import quotas


class SetQuota(Model):
    """`subject`: the key of the person, channel or project, "" for everybody. `most` "none" is no
    limit, "usual" what the settings say.
    """

    scope: Scope
    subject: str = ""
    counted: Counted
    most: int | Literal["none", "usual"] = Field(union_mode="left_to_right")


class QuotaKept(Model):
    """The share as it is from now on."""

    share: Share


@action("quota.set")
async def set_quota(act: Act, given: SetQuota) -> QuotaKept:
    """Set a quota, or go back to the usual one. Raises NotAllowed, BadInput."""
    theirs = not act.sandbox and await _is_of_project(act, given)
    act.must(Right.SET_BUDGET if theirs else Right.GOVERN)
    if given.counted is Counted.STORAGE and given.scope is not Scope.PROJECT:
        raise BadInput("Storage is counted by project: say `quota storage 20 GB`.")
    if isinstance(given.most, int) and not 1 <= given.most <= MOST:
        raise BadInput("A quota is a number from 1 on, for example `quota messages 600`.")
    key = (given.scope, given.subject, given.counted)
    most = given.most if isinstance(given.most, int) else None
    if given.most == "usual":
        await quotas.drop(act.tx, *key)
        most = act.desk.settings.quotas.get((given.scope, given.counted))
    else:
        await quotas.keep(act.tx, *key, most, by=act.person, at=act.now)
    on = ":".join((given.scope, given.subject or "all", given.counted))
    await act.record("quota.set", on=on, most=str(given.most))
    return QuotaKept(
        share=Share(scope=given.scope, counted=given.counted, subject=given.subject, most=most)
    )


async def _is_of_project(act: Act, given: SetQuota) -> bool:
    """Whether it's about the act's project or one of its channels, and not about anybody's work."""
    if given.scope is Scope.PROJECT:
        return given.subject == act.project
    channels = await projects.channels_of(act.tx, act.project)
    return given.scope is Scope.PLACE and given.subject in {where.key for where in channels}
