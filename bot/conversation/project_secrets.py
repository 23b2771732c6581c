"""Secrets in the chat: what was pasted becomes a handle, or is refused."""

from pydantic import SecretStr

from bot.actions.keys import project_secrets as actions
from bot.actions.keys.project_secrets import ForgetSecret, KeepSecrets, NewSecret
from bot.conversation.context import Context
from bot.language import intents
from bot.language.secret_words import usual_name, wanted_name
from bot.queries import project_secrets as queries
from bot.queries.roles import members
from bot.render.errors import secret_message
from bot.render.project_secrets import (
    secret_forgotten,
    secrets_kept,
    secrets_list,
    who_can,
)
from memory.model.errors import BadInput, Misconfigured, NotAllowed
from memory.privacy.redaction import Found


async def pasted(context: Context) -> None:
    """Keep the secrets of this message where the person may, and say so; refuse them else."""
    held = context.services.pasted
    found = held.of(context.event.event_id)
    if not found or not await context.is_open():
        await context.just_reply(secret_message(context.locale, context.incoming.secrets))
        return
    given = KeepSecrets(secrets=_named(context.incoming.text, found))
    try:
        async with context.acting() as act:
            kept = await actions.keep(act, given)
            await context.reply(act.tx, secrets_kept(context.locale, kept, sandbox=act.sandbox))
    except (NotAllowed, BadInput, Misconfigured) as error:
        await _refuse(context, error)
    held.drop(context.event.event_id)


async def show(context: Context) -> None:
    """Which secrets there are."""
    async with context.asking() as asking:
        known, names = await queries.kept(asking), await members(asking)
    called = {person.key: person.display for person in names.people}
    await context.just_reply(secrets_list(context.locale, known, called))


async def forget(context: Context, command: intents.ForgetSecret) -> None:
    """Delete one."""
    async with context.acting() as act:
        gone = await actions.forget(act, ForgetSecret(name=command.name))
        await context.reply(act.tx, secret_forgotten(context.locale, gone.name))


async def _refuse(context: Context, error: NotAllowed | BadInput | Misconfigured) -> None:
    why = context.locale.sentence(error)
    if isinstance(error, NotAllowed):
        async with context.asking() as asking:
            able = await queries.keepers(asking)
        why = f"{why} {who_can(context.locale, able)}"
    message = secret_message(context.locale, context.incoming.secrets, why=why)
    await context.just_reply(message)


def _named(text: str, found: tuple[Found, ...]) -> tuple[NewSecret, ...]:
    """Each with its name: the one that the words give, where there is one secret alone."""
    wanted = wanted_name(text) if len(found) == 1 else ""
    return tuple(
        NewSecret(
            name=wanted or usual_name(secret.kind),
            value=SecretStr(secret.value),
            named=bool(wanted),
        )
        for secret in found
    )
