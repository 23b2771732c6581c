"""What `orchestra policy …` does: the actions and queries of the chat, with the same words."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.actions.act import perform
from bot.actions.plans import policies
from bot.actions.plans.policies import Delegate, EndDelegation, EndRule, SetRule
from bot.chat import Outgoing, say
from bot.cli.desk import actor, looking
from bot.language.governing.lending import SAY_UNTIL, until
from bot.language.governing.policies import (
    EXPLAIN_EXAMPLE,
    about_words,
    explained,
    rule_words,
)
from bot.queries.plans.policy import Explain, explain, people_named, policy, zone
from bot.render.plans.policy import (
    explained_message,
    lending_ended,
    lent_words,
    policy_message,
    rule_ended,
    rule_set,
)
from bot.services import Desk
from memory.model.base import ProjectId
from memory.model.errors import BadInput
from memory.model.text import Sentence

Said = tuple[str, ...]


async def _show(desk: Desk, project: ProjectId, words: Said) -> Outgoing:
    del words
    async with looking(desk, project) as asking:
        return policy_message(desk.locale, await policy(asking))


async def _explain(desk: Desk, project: ProjectId, words: Said) -> Outgoing:
    about = about_words(" ".join(words))
    if about is None or about.get("untrusted"):
        raise BadInput(EXPLAIN_EXAMPLE.message)
    wanted = Explain.model_validate(explained(about).model_dump())
    async with looking(desk, project) as asking:
        return explained_message(desk.locale, await explain(asking, wanted))


async def _set(desk: Desk, project: ProjectId, words: Said) -> Outgoing:
    said = rule_words(" ".join(words))
    if isinstance(said, Sentence):
        raise BadInput(said.message)
    async with looking(desk, project) as asking:
        people = await people_named(asking, (*said.names, *said.escalate_names))
        names = (await policy(asking)).names
    rule = said.rule({name: person.key for name, person in people.items()})
    stored = await perform(desk, actor(), project, policies.set_rule, SetRule(rule=rule))
    return say(rule_set(desk.locale, stored, names))


async def _remove(desk: Desk, project: ProjectId, words: Said) -> Outgoing:
    ended = await perform(desk, actor(), project, policies.end_rule, EndRule(number=int(words[0])))
    return say(rule_ended(desk.locale, ended.number))


async def _delegate(desk: Desk, project: ProjectId, words: Said) -> Outgoing:
    who, when = words
    async with looking(desk, project) as asking:
        taker = (await people_named(asking, (who,)))[who]
        ends = until(when, asking.now, await zone(asking))
    if ends is None:
        raise BadInput(SAY_UNTIL.message)
    given = Delegate(taker=taker, until=ends)
    lent = await perform(desk, actor(), project, policies.delegate, given)
    async with looking(desk, project) as asking:
        names = (await policy(asking)).names
    return say(f"{lent_words(desk.locale, lent, names)}.")


async def _end(desk: Desk, project: ProjectId, words: Said) -> Outgoing:
    async with looking(desk, project) as asking:
        names = (await policy(asking)).names
        named = await people_named(asking, filter(None, words))
    taker = next((person.key for person in named.values()), "")
    given = EndDelegation(taker=taker)
    ended = await perform(desk, actor(), project, policies.end_delegation, given)
    return say(lending_ended(desk.locale, ended.takers, names))


VERBS: Final[dict[str, Callable[[Desk, ProjectId, Said], Awaitable[Outgoing]]]] = {
    "show": _show,
    "explain": _explain,
    "set": _set,
    "remove": _remove,
    "delegate": _delegate,
    "end": _end,
}
