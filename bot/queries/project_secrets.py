"""Which secrets a project keeps. Their values are never looked at here."""

from bot.config.projects import rules_of
from bot.queries.asking import Asking
from memory.model.authority import DECIDERS, role_now
from memory.model.base import Model
from memory.store.knowledge import project_secrets, projects
from memory.store.knowledge.project_secrets import KeptSecret


class KeptSecrets(Model):
    """The secrets by name."""

    secrets: tuple[KeptSecret, ...]


async def keepers(asking: Asking) -> tuple[str, ...]:
    """Who may keep secrets here: names, else ids."""
    rules = await rules_of(asking.desk.settings, asking.connection, asking.project, now=asking.now)
    roles = await projects.roles_of(asking.connection, asking.project)
    people = {
        key: display
        for key, display, _ in await projects.members_of(asking.connection, asking.project)
        if role_now(key, roles, rules) in DECIDERS
    }
    named = dict.fromkeys((*sorted(rules.owners), *sorted(rules.approvers)), "") | people
    return tuple(display or key.rpartition(":")[2] for key, display in named.items())


async def kept(asking: Asking) -> KeptSecrets:
    """The project's secrets, without their values. Raises NotAllowed."""
    asking.must_see()
    return KeptSecrets(secrets=await project_secrets.every(asking.connection, asking.project))
