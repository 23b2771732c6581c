"""The kill switch: stop all new work, of a project or of everything, and release it again.

The executor writes the audit row of each deed, in the act's transaction.
"""

from bot.actions.act import Act, action
from memory.model.authority import Right
from memory.model.base import Model


class Stop(Model):
    """`everywhere`: not this project alone. `reason` is shown to whoever is refused."""

    everywhere: bool = False
    reason: str = ""


class Release(Model):
    """`everywhere`: the stop of everything, not the one of this project."""

    everywhere: bool = False


class SwitchSet(Model):
    """`done` is False where it was so already."""

    everywhere: bool
    done: bool


@action("work.stop")
async def stop(act: Act, given: Stop) -> SwitchSet:
    """Let nothing new begin until it is released. Raises NotAllowed."""
    act.must(Right.GOVERN if given.everywhere else Right.STOP)
    scope = _scope(act, everywhere=given.everywhere)
    done = await act.desk.executor.stop_all(
        scope, by=act.person.key, reason=given.reason, tx=act.tx
    )
    return SwitchSet(everywhere=given.everywhere, done=done)


@action("work.release")
async def release(act: Act, given: Release) -> SwitchSet:
    """Let work go on. Raises NotAllowed."""
    act.must(Right.GOVERN if given.everywhere else Right.RELEASE)
    scope = _scope(act, everywhere=given.everywhere)
    done = await act.desk.executor.release(scope, by=act.person.key, tx=act.tx)
    return SwitchSet(everywhere=given.everywhere, done=done)


def _scope(act: Act, *, everywhere: bool) -> str:
    return "all" if everywhere else f"project:{act.project}"
