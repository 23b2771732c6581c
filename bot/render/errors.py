"""Errors as a message: one plain sentence that says what to do."""

from collections.abc import Sequence

from bot.chat import Outgoing, say
from bot.language.catalogue import Locale
from bot.language.words import passage
from memory.model.errors import OrchestraError


def error_message(_: Locale, error: OrchestraError) -> Outgoing:
    """The error's own sentence, made harmless (it may quote what a person or file said)."""
    return say(passage(_.sentence(error), 1000))


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
