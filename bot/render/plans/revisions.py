"""What is said when the message of a request was edited or deleted."""

from bot.actions.plans.revisions import Standing
from bot.language.catalogue import Locale


def void_words(_: Locale, *, again: bool, gone: bool) -> str:
    """What the message of the request's plan says from now on."""
    if again:
        return _("The request was edited, so this plan is void; a new one follows.")
    if gone:
        return _("The request was deleted, so this plan is void.")
    return _("The request was taken back, so this plan is void.")


def revised_words(_: Locale, standing: Standing, *, again: bool, gone: bool) -> str:
    """What came of the change, "" where nobody needs to know. `again`: it's asked anew."""
    if gone:
        return _deleted(_, standing)
    return _edited(_, standing) if again else _taken_back(_, standing)


def _edited(_: Locale, standing: Standing) -> str:
    match standing:
        case Standing.OPEN:
            return _("You edited your request, so I'm planning it again; what was there is void.")
        case Standing.CLOSED:
            return _("You edited your request, so I'm planning it again.")
        case _:
            return _too_late(_, standing)


def _taken_back(_: Locale, standing: Standing) -> str:
    match standing:
        case Standing.OPEN:
            return _("You took your request back, so I dropped it.")
        case Standing.CLOSED:
            return ""
        case _:
            return _too_late(_, standing)


def _too_late(_: Locale, standing: Standing) -> str:
    match standing:
        case Standing.RUNNING:
            return _("It's already running as you said it first; say `cancel` to stop it.")
        case Standing.SCHEDULED:
            return _("It's already scheduled as you said it first; say `schedules` to change it.")
        case Standing.OVER:
            return _("It already ran as you said it first; say what you want now as a new message.")
        case _:
            return _("Your request was changed since you said it; say the change as a new message.")


def _deleted(_: Locale, standing: Standing) -> str:
    match standing:
        case Standing.OPEN:
            return _("You deleted your request, so I dropped it.")
        case Standing.RUNNING:
            return _("You deleted your request, but it's running; say `cancel` to stop it.")
        case Standing.SCHEDULED:
            return _("You deleted your request, but it's scheduled; say `schedules` to change it.")
        case _:
            return ""
