"""Quotas in words."""

from collections.abc import Sequence
from itertools import groupby

from bot.language.catalogue import Locale
from memory.model.work.quotas import Counted, Scope, Share, show_size


def quota_report(_: Locale, shares: Sequence[Share]) -> str:
    """How much is taken of each, a line for each thing that is counted."""
    lines = [_("**Quotas**: how much is taken, and the most there may be.")]
    for counted, found in groupby(shares, key=lambda share: share.counted):
        taken = "; ".join(_taken(_, share) for share in found)
        lines.append(f"- {_heads(_)[counted]}: {taken}")
    lines.append(
        _(
            "Owners and approvers change those of the project and its channels, for example "
            "`quota runs 40`; admins of this installation change those of people and everybody."
        )
    )
    return "\n".join(lines)


def quota_set(_: Locale, share: Share) -> str:
    """What the quota is now."""
    words = _("{what}, {whose}: {most} from now on.")
    what, whose = _heads(_)[share.counted], _whose(_)[share.scope]
    return words.format(what=what, whose=whose, most=_most(_, share))


def _taken(_: Locale, share: Share) -> str:
    used = _shown(share, share.used)
    words = _("{whose} {used} of {most}") if share.most else _("{whose} {used}, no limit")
    return words.format(whose=_whose(_)[share.scope], used=used, most=_most(_, share))


def _most(_: Locale, share: Share) -> str:
    return _("no limit") if share.most is None else _shown(share, share.most)


def _shown(share: Share, amount: int) -> str:
    return show_size(amount) if share.counted is Counted.STORAGE else f"{amount:,}"


def _heads(_: Locale) -> dict[Counted, str]:
    return {
        Counted.MESSAGES: _("Messages in an hour"),
        Counted.PLANS: _("Open plans"),
        Counted.RUNS: _("Runs at a time"),
        Counted.STORAGE: _("Files"),
    }


def _whose(_: Locale) -> dict[Scope, str]:
    return {
        Scope.PERSON: _("one person"),
        Scope.PLACE: _("this channel"),
        Scope.PROJECT: _("this project"),
        Scope.INSTALLATION: _("everybody"),
    }
