"""Secrets of a project: kept as handles, forgotten again. Their values leave through egress alone."""

from pydantic import SecretStr

from bot.actions.act import Act, action
from memory.model.agents.handles import name_of, require_value
from memory.model.authority import Right
from memory.model.base import Model
from memory.model.errors import BadInput, NotFound
from memory.store.knowledge import project_secrets

MOST: int = 100
"""How many secrets a project has, at most."""


class NewSecret(Model):
    """`named`: the person chose the name, so an earlier secret of that name is replaced."""

    name: str
    value: SecretStr
    named: bool = True


class KeepSecrets(Model):
    """Secrets to keep, all or none."""

    secrets: tuple[NewSecret, ...]


class SecretsKept(Model):
    """Their names, in order; those in `replaced` took the place of an earlier one."""

    names: tuple[str, ...]
    replaced: tuple[str, ...] = ()


class ForgetSecret(Model):
    """The secret to delete, by its name."""

    name: str


class SecretForgotten(Model):
    """It's gone."""

    name: str


@action("secret.keep")
async def keep(act: Act, given: KeepSecrets) -> SecretsKept:
    """Lock them away. Raises NotAllowed, BadInput, Misconfigured where there's no key to lock with."""
    act.must(Right.KEEP_SECRET)
    taken = {secret.name for secret in await project_secrets.every(act.tx, act.project)}
    if len(taken) + len(given.secrets) > MOST:
        raise BadInput("A project keeps {most} secrets at most. Forget one first.", most=MOST)
    names, replaced = list[str](), list[str]()
    for secret in given.secrets:
        wanted = name_of(secret.name)
        name = wanted if secret.named else _free(wanted, taken)
        if name in taken:
            replaced.append(name)
        value = SecretStr(require_value(secret.value.get_secret_value()))
        await project_secrets.keep(act.tx, act.project, name, value, by=act.person.key, at=act.now)
        taken.add(name)
        names.append(name)
    await act.record("secret.kept", on=" ".join(names))
    return SecretsKept(names=tuple(names), replaced=tuple(replaced))


@action("secret.forget")
async def forget(act: Act, given: ForgetSecret) -> SecretForgotten:
    """Delete it. Raises NotAllowed, NotFound."""
    act.must(Right.KEEP_SECRET)
    name = name_of(given.name)
    if not await project_secrets.forget(act.tx, act.project, name):
        raise NotFound("There's no secret:{name} in this project; `secrets` lists them.", name=name)
    await act.record("secret.forgotten", on=name)
    return SecretForgotten(name=name)


def _free(wanted: str, taken: set[str]) -> str:
    """The name, with a number behind it where another secret has it."""
    numbered = (f"{wanted[:36]}-{number}" for number in range(2, MOST + 2))
    return next(name for name in (wanted, *numbered) if name not in taken)
