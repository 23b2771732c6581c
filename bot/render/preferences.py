"""Preferences in words."""

from collections.abc import Sequence

from bot.language.catalogue import Locale
from bot.language.words import untrusted
from memory.model.work.preference import Preference
from planner.preferences import AGENT_FOR, ALWAYS, about

SHOWN = 40


def preference_kept(_: Locale, kept: Preference, *, plan_waits: bool) -> str:
    """What was remembered for whom; `plan_waits`: a plan in the thread doesn't follow it yet."""
    text = (
        _("I'll remember this for you in this project: {preference}. To undo, say `forget that`.")
        if kept.person
        else _(
            "I'll remember this for everyone in this project: {preference}. To undo, say "
            "`forget that`."
        )
    ).format(preference=_words(_, kept))
    again = _("To use it in the plan above, say `plan again`.")
    return f"{text} {again}" if plan_waits else text


def forgotten(_: Locale, preferences: Sequence[Preference]) -> str:
    """What I no longer know."""
    known = "; ".join(_words(_, preference) for preference in preferences[:SHOWN])
    return _("Forgotten: {preferences}. I'll ask again when it matters.").format(preferences=known)


def nothing_to_forget(_: Locale, what: str) -> str:
    """Nothing fitted."""
    text = (
        _("I don't remember anything about “{what}”.").format(what=untrusted(what, 60))
        if what
        else _("I don't remember anything yet.")
    )
    return f"{text} {_('Say `preferences` to see what I know.')}"


def preferences_message(_: Locale, known: Sequence[Preference]) -> str:
    """All that is remembered of the reader and of the project."""
    if not known:
        return _(
            "I don't remember anything about you in this project yet. Try `always use Claude for "
            "reviews`, or `always write for managers here` for everyone."
        )
    own = [preference for preference in known if preference.person]
    shared = [preference for preference in known if not preference.person]
    parts = [
        _list(_, _("You"), own),
        _list(_, _("Everyone in this project"), shared),
        _("To forget some, say `forget my preference for …` or `forget everything about me`."),
    ]
    return "\n\n".join(filter(None, parts))


def _list(_: Locale, title: str, known: Sequence[Preference]) -> str:
    if not known:
        return ""
    lines = [f"- {_words(_, preference)}" for preference in known[-SHOWN:]]
    if len(known) > SHOWN:
        lines.append(_("- and {count} more").format(count=len(known) - SHOWN))
    return "\n".join([f"**{title}**", *lines])


def _words(_: Locale, preference: Preference) -> str:
    slot, value = preference.slot, preference.value
    if slot.startswith(ALWAYS):
        return _("always {value}").format(value=untrusted(value, 120))
    if slot.startswith(AGENT_FOR):
        work = untrusted(slot.removeprefix(AGENT_FOR), 60)
        return _("{agent} for {work} work").format(agent=untrusted(value, 60), work=work)
    return f"{untrusted(about(slot), 80)}: {untrusted(value, 120)}"
