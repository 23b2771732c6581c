"""What people want remembered of their ways of working, and forgotten again."""

from typing import Final

from bot.actions.act import Act, action
from memory.model.authority import Right
from memory.model.base import Model, sha256
from memory.model.errors import Conflict
from memory.model.work.preference import Preference
from memory.store.planning import preferences
from planner.preferences import is_about

MOST_KEPT: Final = 200
"""Per person and project; more are no preferences any more."""

VALUE_CHARS: Final = 500


class KeepPreference(Model):
    """`everyone`: for the whole project, not for oneself alone."""

    slot: str
    value: str
    everyone: bool = False


class PreferenceKept(Model):
    """It counts from the next plan on."""

    preference: Preference


class ForgetPreferences(Model):
    """Those that `what` is about, all of one's own, or without either the newest."""

    what: str = ""
    everything: bool = False


class PreferencesForgotten(Model):
    """What was forgotten; empty where nothing fitted."""

    preferences: tuple[Preference, ...]


@action("rule.teach")
async def keep(act: Act, given: KeepPreference) -> PreferenceKept:
    """Remember it. Raises NotAllowed, Conflict (too many)."""
    act.must(Right.SET_PREFERENCE if given.everyone else Right.ANSWER_OWN)
    person = "" if given.everyone else act.person.key
    if len(await preferences.kept(act.tx, act.project, person)) >= MOST_KEPT:
        raise Conflict(
            "I can't keep more than {most} preferences. Have me forget some first.", most=MOST_KEPT
        )
    kept = Preference(person=person, slot=given.slot, value=given.value, at=act.now)
    await preferences.prefer(act.tx, act.project, person, kept.slot, kept.value, at=act.now)
    await act.record("preference.kept", on=_marks([kept]))
    return PreferenceKept(preference=kept)


@action("rule.forget")
async def forget(act: Act, given: ForgetPreferences) -> PreferencesForgotten:
    """Forget what fits; the project's own only from somebody who may say so. Raises NotAllowed."""
    act.must(Right.ANSWER_OWN)
    known = await preferences.kept(act.tx, act.project, act.person.key)
    fitting = _fitting(known, given, act.person.key)
    if any(not preference.person for preference in fitting):
        act.must(Right.SET_PREFERENCE)
    for preference in fitting:
        await preferences.forget(act.tx, act.project, preference.person, preference.slot)
    if fitting:
        await act.record("preference.forgotten", on=_marks(fitting))
    return PreferencesForgotten(preferences=tuple(fitting))


def _fitting(
    known: tuple[Preference, ...], given: ForgetPreferences, person: str
) -> list[Preference]:
    own = [preference for preference in known if preference.person == person]
    if given.everything:
        return own
    if given.what:
        fit = [
            preference
            for preference in known
            if is_about(preference.slot, preference.value, given.what)
        ]
        return [preference for preference in fit if preference.person == person] or fit
    newest = sorted(known, key=lambda preference: (preference.at, preference.person == person))
    return newest[-1:]


def _marks(found: list[Preference]) -> str:
    """Which preferences, not what somebody prefers: the chain holds ids only."""
    marks = (sha256(f"{preference.person}:{preference.slot}".encode())[:16] for preference in found)
    return f"preference:{','.join(marks)}"
