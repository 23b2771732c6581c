"""The policy in the chat: show it, set and end rules, explain one, approve for somebody."""

from bot.actions.plans import policies
from bot.actions.plans.policies import Delegate, EndDelegation, EndRule, SetRule
from bot.conversation.context import Context
from bot.language import intents
from bot.language.governing.lending import SAY_UNTIL, until
from bot.language.governing.policies import rule_words
from bot.queries.plans.approval import names_of
from bot.queries.plans.policy import Explain, explain, people_named, policy, zone
from bot.render.plans.policy import (
    explained_message,
    lending_ended,
    lent_words,
    policy_message,
    rule_ended,
    rule_set,
)
from memory.model.errors import BadInput
from memory.model.text import Sentence


async def show(context: Context) -> None:
    """Every rule of the project."""
    async with context.asking() as asking:
        known = await policy(asking)
    await context.just_reply(policy_message(context.locale, known))


async def explain_it(context: Context, command: intents.ExplainPolicy) -> None:
    """Who has to approve something, and why."""
    given = Explain(
        effect=command.effect, target=command.target, cost_micro_usd=command.cost_micro_usd
    )
    async with context.asking() as asking:
        found = await explain(asking, given)
    await context.just_reply(explained_message(context.locale, found))


async def set_rule(context: Context, command: intents.SetPolicy) -> None:
    """Let a rule hold from now on. Raises NotAllowed, NotFound, BadInput."""
    said = rule_words(command.text)
    if isinstance(said, Sentence):
        raise BadInput(said.message)
    async with context.asking() as asking:
        names = (*said.names, *said.escalate_names)
        people = await people_named(asking, names, context.incoming.mentions)
    rule = said.rule({name: person.key for name, person in people.items()})
    async with context.acting() as act:
        stored = await policies.set_rule(act, SetRule(rule=rule))
        called = await names_of(act.tx, act.project)
        shown = called | {person.key: person.display for person in people.values()}
        await context.reply(act.tx, rule_set(context.locale, stored, shown))


async def end_rule(context: Context, command: intents.EndPolicy) -> None:
    """Let a rule hold no more. Raises NotAllowed, NotFound."""
    async with context.acting() as act:
        ended = await policies.end_rule(act, EndRule(number=command.number))
        await context.reply(act.tx, rule_ended(context.locale, ended.number))


async def lend(context: Context, command: intents.Lend) -> None:
    """Let somebody approve for whoever says so. Raises NotAllowed, NotFound, BadInput, Conflict."""
    async with context.asking() as asking:
        named = await people_named(asking, (command.name,), context.incoming.mentions)
        ends = until(command.until, asking.now, await zone(asking))
    if ends is None:
        raise BadInput(SAY_UNTIL.message)
    async with context.acting() as act:
        given = Delegate(taker=named[command.name], until=ends)
        lent = await policies.delegate(act, given)
        words = lent_words(context.locale, lent, await names_of(act.tx, act.project))
        await context.reply(act.tx, f"{words}.")


async def end_lent(context: Context, command: intents.EndLent) -> None:
    """Nobody approves any more for whoever says so. Raises NotAllowed, NotFound, BadInput."""
    taker = ""
    if command.name:
        async with context.asking() as asking:
            named = await people_named(asking, (command.name,), context.incoming.mentions)
        taker = named[command.name].key
    async with context.acting() as act:
        ended = await policies.end_delegation(act, EndDelegation(taker=taker))
        names = await names_of(act.tx, act.project)
        await context.reply(act.tx, lending_ended(context.locale, ended.takers, names))
