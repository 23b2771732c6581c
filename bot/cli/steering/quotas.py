"""`orchestra quota`: show or set how much may be taken up."""

import asyncio

from bot.actions.act import perform
from bot.actions.limits.quotas import SetQuota, set_quota
from bot.chat import say
from bot.cli.desk import HERE, actor, at_desk, looking, project_of
from bot.config.settings import Settings
from bot.language.governing.quotas import WORDS
from bot.platforms.console.markup import message_lines
from bot.queries.quotas import standing
from bot.render.about.quotas import quota_report
from memory.model.base import ProjectId
from memory.model.errors import BadInput
from memory.model.identity import ThreadRef
from memory.model.work.quotas import Counted, Scope, read_amount


def quota(
    settings: Settings, counted: str, most: str, *, scope: str, whom: str, project: str
) -> int:
    """Show every quota, after setting one if `counted` is given. Raises NotAllowed, BadInput."""
    asyncio.run(_quota(settings, counted, most, scope, whom, project))
    return 0


async def _quota(
    settings: Settings, counted: str, most: str, scope: str, whom: str, named: str
) -> None:
    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        if counted:
            given = _given(counted, most, scope, whom, project)
            await perform(desk, actor(), project, set_quota, given)
        async with looking(desk, project) as asking:
            shares = await standing(asking, HERE)
    out = say(quota_report(desk.locale, shares))
    print("\n".join(message_lines(out, styled=False, columns=100)))


def _given(counted: str, most: str, scope: str, whom: str, project: ProjectId) -> SetQuota:
    if counted not in set(Counted) or scope not in set(Scope):
        raise BadInput(
            "Say what is counted (messages, plans, runs or storage) and --for person, place, project "
            "or installation."
        )
    kind, of = Counted(counted), Scope(scope)
    amount = WORDS.get(most.casefold()) or read_amount(kind, most)
    if amount is None:
        raise BadInput("A quota is a number from 1 on, “none” or “usual”.")
    if of in {Scope.PERSON, Scope.PLACE} and whom.count(":") < 2:
        raise BadInput("Say whose it is, by the whole key: --whom slack:T01ABCD:U01ANA.")
    subject = {Scope.PROJECT: str(project), Scope.INSTALLATION: ""}.get(of, whom)
    if of is Scope.PLACE:
        platform, workspace, channel = whom.split(":")[:3]
        subject = ThreadRef(platform=platform, workspace=workspace, channel=channel).key
    return SetQuota(scope=of, subject=subject, counted=kind, most=amount)
