"""How good agents are, in words that say how much is known."""

from bot.chat import Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import count, duration, listed, packed, untrusted
from bot.queries.about.experience import LITTLE, Best, Record, Standing
from memory.model.money import show_money

SHOWN = 8


def best_message(_: Locale, best: Best) -> Outgoing:
    """The order of agents with what it rests on; little is known said plainly."""
    if not best.standings:
        return say(_nothing(_, best))
    if best.task_type:
        return say("\n".join(_of_type(_, best)))
    lines = [_("**Who is best at what**, as far as I've seen here:")]
    for kind in dict.fromkeys(standing.task_type for standing in best.standings):
        first = next(standing for standing in best.standings if standing.task_type == kind)
        lines.append(f"- {untrusted(kind, 40)}: {_line(_, first)}")
    lines.append(_rests(_, best.samples))
    return Outgoing(sections=tuple(Section(text=text) for text in packed(lines)))


def record_message(_: Locale, record: Record) -> Outgoing:
    """One agent's record, by type of work, and how it is now."""
    head = f"**{untrusted(record.agent, 60)}** · {untrusted(record.description, 200)}"
    place = (
        _("What it's given stays on this machine.")
        if record.local
        else _("What it's given leaves this machine.")
    )
    lines = [head, place]
    if record.standings:
        lines += [
            f"- {untrusted(known.task_type, 40)}: {_figures(_, known)}"
            for known in record.standings[:SHOWN]
        ]
        lines.append(_rests(_, sum(known.samples for known in record.standings)))
    else:
        lines.append(
            _(
                "It hasn't done anything in this project yet, so I know nothing about how good it is."
            )
        )
    lately = record.lately
    if lately is not None and lately.breaker != "closed":
        lines.append(
            count(
                _,
                lately.failures,
                "It's paused after {n} failure in a row.",
                "It's paused after {n} failures in a row.",
            )
        )
    if lately is not None and (lately.succeeded or lately.failed):
        text = _("Last {days} days: {done} of {total} attempts gave a result, {cost}.")
        lines.append(
            text.format(
                days=record.days,
                done=lately.succeeded,
                total=lately.succeeded + lately.failed,
                cost=show_money(lately.cost_micro_usd),
            )
        )
    return say("\n".join(lines))


def no_agent(_: Locale, known: tuple[str, ...]) -> str:
    """Nobody was named that is here."""
    if not known:
        return _("No model is connected, so there's no agent to tell about. See `agents`.")
    names = listed(_, (untrusted(name, 60) for name in known), most=8)
    return _("Which agent do you mean? There is {names}.").format(names=names)


def _nothing(_: Locale, best: Best) -> str:
    if not best.agents:
        return (
            _("Nobody connected here does {type} work, so nobody is best at it.").format(
                type=untrusted(best.task_type, 40)
            )
            if best.task_type
            else _("No model is connected, so there's nobody to compare.")
        )
    names = listed(_, (untrusted(name, 60) for name in best.agents), most=6)
    if best.task_type:
        return _("I don't know yet: nobody has done any {type} work here. {names} could.").format(
            type=untrusted(best.task_type, 40), names=names
        )
    return _(
        "I don't know yet: nobody has done any work here that I could judge. {names} could."
    ).format(names=names)


def _of_type(_: Locale, best: Best) -> list[str]:
    first, *others = best.standings
    kind = untrusted(best.task_type, 40)
    if others and abs(first.quality - others[0].quality) < max(first.doubt, others[0].doubt):
        head = _("**{agent}** is ahead at {type}, but {other} is too close to tell them apart:")
        lines = [
            head.format(
                agent=untrusted(first.agent, 60), type=kind, other=untrusted(others[0].agent, 60)
            )
        ]
    else:
        lines = [
            _("**{agent}** is best at {type} here:").format(
                agent=untrusted(first.agent, 60), type=kind
            )
        ]
    lines += [f"- {_line(_, standing)}" for standing in best.standings[:SHOWN]]
    seen = {standing.agent for standing in best.standings}
    untried = [untrusted(name, 60) for name in best.agents if name not in seen]
    if untried:
        lines.append(_("Not tried at it yet: {names}.").format(names=listed(_, untried)))
    lines.append(_rests(_, best.samples))
    return lines


def _line(_: Locale, standing: Standing) -> str:
    return f"{untrusted(standing.agent, 60)}, {_figures(_, standing)}"


def _figures(_: Locale, standing: Standing) -> str:
    parts = [
        _("{quality} ± {doubt} on {n}").format(
            quality=f"{standing.quality:.2f}",
            doubt=f"{standing.doubt:.2f}",
            n=count(_, standing.samples, "{n} attempt", "{n} attempts"),
        ),
        _("{n} gave a result").format(n=standing.arrived),
    ]
    if standing.cost_micro_usd is not None:
        parts.append(_("{cost} each").format(cost=show_money(standing.cost_micro_usd)))
    if standing.latency_ms:
        parts.append(duration(_, standing.latency_ms / 1000))
    return " · ".join(parts)


def _rests(_: Locale, samples: int) -> str:
    seen = count(_, samples, "{n} attempt", "{n} attempts")
    if samples < LITTLE:
        text = _("That's little to go by: {n} in all. 1.00 would be a perfect result every time.")
    else:
        text = _("From {n} in this project; 1.00 would be a perfect result every time.")
    return text.format(n=seen)
