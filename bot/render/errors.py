"""Errors as a message: one plain sentence that says what to do."""

from collections.abc import Sequence

from bot.chat import Outgoing, say
from bot.language.catalogue import Locale
from bot.language.words import passage, untrusted
from memory.model.errors import NotAllowed, OrchestraError

PEOPLE_SHOWN = 6


def error_message(_: Locale, error: OrchestraError) -> Outgoing:
    """The error's own sentence, made harmless (it may quote what a person or file said)."""
    return say(passage(error_text(_, error), 1000))


def error_text(_: Locale, error: OrchestraError) -> str:
    """The error's own sentence, and who may do what its reader may not."""
    text = _.sentence(error)
    if not isinstance(error, NotAllowed) or not error.able:
        return text
    people = ", ".join(untrusted(name, 40) for name in error.able[:PEOPLE_SHOWN])
    return f"{text} {_('Those who can: {people}.').format(people=people)}"


def unexpected(_: Locale, reference: str) -> Outgoing:
    """For an error nobody foresaw; `reference` finds it in the log."""
    return say(
        _(
            "Something went wrong here. Nothing you've stored is lost; please try again. "
            "If it happens again, look for `{reference}` in the log."
        ).format(reference=reference)
    )


def secret_message(_: Locale, kinds: Sequence[str], *, why: str = "") -> Outgoing:
    """For words that held a key or password that isn't kept: what became of it, and where it
    belongs; `why` it wasn't kept here.
    """
    said = _(
        "That message holds what looks like a secret ({kinds}). I blotted it out before storing "
        "anything and did nothing else with it. Delete your message, change the secret if others "
        "could read it, and put it into the environment or orchestra.toml instead; then ask again "
        "without it."
    ).format(kinds=", ".join(kinds))
    return say(f"{said} {why}".strip())
