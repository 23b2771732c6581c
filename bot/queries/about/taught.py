"""What was taught, as far as it concerns whoever asks."""

from bot.queries.asking import Asking
from memory.model.base import Model
from memory.model.work.preference import Preference
from memory.model.work.rule import Rule, RuleState
from memory.store.knowledge import rules
from memory.store.planning import preferences


class TaughtHere(Model):
    """The project's rules and the person's own, by number, and the choices that were remembered."""

    rules: tuple[Rule, ...]
    proposed: tuple[Rule, ...]
    choices: tuple[Preference, ...]


async def taught_here(asking: Asking) -> TaughtHere:
    """All that holds or is proposed for the person; nothing of what others have for themselves."""
    asking.must_see()
    here = asking.connection, asking.project, asking.person.key
    return TaughtHere(
        rules=await rules.known(*here),
        proposed=await rules.known(*here, RuleState.PROPOSED),
        choices=await preferences.kept(*here),
    )
