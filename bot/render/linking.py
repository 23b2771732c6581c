"""Linking one's accounts, in words."""

from bot.actions.people.linking import CodeGiven, Linking, Typed, Unlinked
from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import untrusted


def code_message(_: Locale, given: CodeGiven) -> Outgoing:
    """The code and where to type it."""
    return say(
        _(
            "Your code is **{code}**. Within {minutes} minutes, write `link {code}` to me in a "
            "direct message from your other account, or type `orchestra link {code}` where I run. "
            "It works once. Don't give it to anybody: whoever types it becomes you."
        ).format(code=given.code, minutes=given.minutes)
    )


def typed_message(_: Locale, done: Typed) -> Outgoing:
    """What typing a code came to; whether the other account is theirs is a button."""
    text = typed_text(_, done)
    if done.outcome is not Linking.ASKED:
        return say(text)
    button = Button(action=f"link:{done.code}", label=_("That's me"), style="primary")
    return Outgoing(sections=(Section(text=text, buttons=(button,)),))


def typed_text(_: Locale, done: Typed) -> str:
    """What typing a code came to, in a sentence."""
    text = {
        Linking.LINKED: _(
            "Done: {name} and you are one person now. Your roles and budgets hold for both, and "
            "you count once where several have to approve. `unlink` undoes it."
        ),
        Linking.ASKED: _(
            "This code is from {name}. Is that your own account? Then it may do whatever you may. "
            "If somebody else told you to type it, leave it."
        ),
        Linking.KNOWN: _("{name} and you are one person already."),
        Linking.WRONG: _(
            "That code isn't valid: it may be too old, used, or mistyped, or your own. Write `link` "
            "with the other account for a new one."
        ),
        Linking.SEEN: _(
            "Others can read this, so that code no longer works. Ask for a new one, and type it in "
            "a direct message to me."
        ),
        Linking.OFTEN: _("Too many codes in a short time; wait an hour and try again."),
        Linking.HELD: _(
            "One of these accounts was linked with somebody else before. An admin can free it with "
            "`orchestra unlink {account} --forget`."
        ),
    }[done.outcome]
    name = f"{untrusted(done.display, 60)} ({untrusted(done.account, 80)})"
    return text.format(
        name=name if done.display else untrusted(done.account, 80), account=done.account
    )


def unlinked_message(_: Locale, done: Unlinked) -> str:
    """What the account is from now on."""
    text = _(
        "{account} stands for itself again, with the roles it was given itself. You two still "
        "count once, and neither approves what the other asks for; only an admin can change that."
    )
    if done.forgotten:
        text = _("{account} has nothing to do any more with the accounts it was linked with.")
    return text.format(account=untrusted(done.account, 80))
