"""Secrets in words: what became of one, and which there are. Never a value."""

from collections.abc import Mapping, Sequence

from bot.actions.keys.project_secrets import SecretsKept
from bot.chat import Outgoing, say
from bot.language.catalogue import Locale
from bot.language.words import untrusted
from bot.queries.project_secrets import KeptSecrets
from memory.model.agents.handles import handle


def secrets_kept(_: Locale, kept: SecretsKept, *, sandbox: bool = False) -> Outgoing:
    """What the secrets are called from now on, and what to do with the message."""
    names = ", ".join(f"`{handle(name)}`" for name in kept.names)
    lines = [
        _.ngettext("I stored it as {names}.", "I stored them as {names}.", len(kept.names)).format(
            names=names
        ),
        _("Delete your message: others may be able to read it."),
    ]
    if kept.replaced:
        lines.insert(1, _("It replaces the one from before."))
    if sandbox:
        lines.append(_("Only work in these direct messages can use it."))
    lines.append(
        _(
            "It's encrypted, and goes to agents and services whose settings ask for it; plans, "
            "models and logs only ever see the name. `forget secret {name}` deletes it."
        ).format(name=kept.names[0])
    )
    return say(" ".join(lines))


def who_can(_: Locale, able: Sequence[str]) -> str:
    """Who could keep secrets here; "" where nobody is known."""
    names = ", ".join(untrusted(name, 60) for name in able if name)
    return _("Here that's {names}.").format(names=names) if names else ""


def secret_forgotten(_: Locale, name: str) -> str:
    """That it's gone from here."""
    return _(
        "I deleted `{handle}`. It still works where it was issued; revoke it there if nobody needs it."
    ).format(handle=handle(name))


def secrets_list(_: Locale, kept: KeptSecrets, called: Mapping[str, str]) -> Outgoing:
    """The names, who kept each, and when it was last used; `called`: people by their keys."""
    if not kept.secrets:
        return say(
            _(
                "This project keeps no secrets. An approver or the owner can say "
                "`keep secret:stripe = …`, or type `orchestra secret keep stripe`, where nobody "
                "reads along."
            )
        )
    lines = [_("Secrets of this project, by their names:")]
    for secret in kept.secrets:
        used = (
            _("last used on {day}").format(day=f"{secret.used_at:%Y-%m-%d}")
            if secret.used_at
            else _("not used yet")
        )
        by = untrusted(called.get(secret.by) or secret.by.rpartition(":")[2], 60)
        kept_on = _("kept by {name} on {day}").format(name=by, day=f"{secret.at:%Y-%m-%d}")
        lines.append(f"- `{handle(secret.name)}`: {kept_on}, {used}")
    return say("\n".join(lines))
