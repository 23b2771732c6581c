"""Errors as a message: one plain sentence that says what to do."""

from bot.chat import Outgoing, say
from bot.language.catalogue import Locale
from bot.render.words import passage
from memory.model.errors import OrchestraError


def error_message(_: Locale, error: OrchestraError) -> Outgoing:
    """The error's own sentence, made harmless (it may quote what a person or file said)."""
    return say(passage(error.user_text, 1000))


def unexpected(_: Locale, reference: str) -> Outgoing:
    """For an error nobody foresaw; `reference` finds it in the log."""
    return say(
        "Something went wrong here that should not have; nothing that was stored is lost. "
        f"Please say it again. If it happens again, the log has more under `{reference}`."
    )
