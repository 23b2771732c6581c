"""What a person can mean: the commands that words, buttons and reactions become."""

from typing import Literal

from memory.model.agents.spec import EffectClass
from memory.model.base import Model, PlanHash, RequestId, RunId
from memory.model.budget import Unit
from memory.model.identity import Identity, Role
from memory.model.text import Sentence
from memory.model.work.quotas import Counted, Scope

ScheduleVerb = Literal["list", "show", "pause", "resume", "delete", "run", "change"]
ProjectVerb = Literal["list", "show", "create", "rename", "clone", "archive", "restore", "switch", "unbind"]  # fmt: skip
Topic = Literal[
    "about.cost", "about.forecast", "about.runs", "about.waiting", "about.history", "about.why",
    "about.best", "about.agent", "about.knowledge", "about.rules", "about.settings",
    "about.project", "about.help", "about.self", "about.privacy", "about.clock",
]  # fmt: skip
"""What people ask the bot about itself: rows of the table of actions."""


class Named(Model):
    """An action or query of the table that needs nothing but its name."""

    name: str


class Said(Model):
    """Words that are no exact phrase: the router reads them."""

    text: str


class SmallTalk(Model):
    """Nothing is wanted: the verb says whether it's a greeting, thanks, or talk among people."""

    what: str
    text: str


class DidYouMean(Model):
    """The words may be any of these rows of the table; the person is asked which."""

    candidates: tuple[str, ...]


class Meant(Model):
    """The answer to that question: read the words of `event` as this row of the table."""

    event: str
    name: str


class NewRequest(Model):
    """Somebody wants something done."""

    text: str


class AnswerGiven(Model):
    """Answers by question id. `remarks` are about what else was said that is no answer."""

    answers: tuple[tuple[str, str], ...]
    remarks: tuple[Sentence, ...] = ()


class DefaultsTaken(Model):
    """The defaults stand for every open question of the request."""

    request: RequestId


class Approve(Model):
    """Run this plan."""

    plan: PlanHash
    via: Literal["reaction", "button", "words"]


class Withdraw(Model):
    """Take an approval back."""

    plan: PlanHash


class Refuse(Model):
    """Drop this plan. With a `reason`, it is planned again with that in mind."""

    plan: PlanHash
    via: Literal["reaction", "button", "words"]
    reason: str = ""


class DropRequest(Model):
    """Forget the request whose questions are open."""

    request: RequestId


class DryRun(Model):
    """Walk through this plan without doing anything."""

    plan: PlanHash


class ChangePlan(Model):
    """Make another plan out of this one; without words, ask for them.

    `approving`: the words also approve what is left, where it is only less than was shown.
    """

    plan: PlanHash
    text: str
    approving: bool = False


class Steer(Model):
    """Cancel, pause, resume or retry a run: the named one, the plan's, or the thread's.

    `named` are words of its title, `number` a number that somebody gave it; runs have none.
    """

    what: Literal["cancel", "pause", "resume", "retry"]
    run: RunId = RunId("")
    plan: PlanHash = PlanHash("")
    named: str = ""
    number: int = 0


class Rerun(Model):
    """Do a finished run again as a new plan: from the step `where` on, or all of it."""

    where: str = ""
    run: RunId = RunId("")


class Fork(Model):
    """Do a finished run, else the thread's last, again with a change, keeping what it leaves."""

    text: str
    run: RunId = RunId("")


BudgetPeriod = Literal["day", "week", "month", "total"]


class BudgetSet(Model):
    """Make or change a budget. `name` "" is the project's own; it may be an agent, a person, a schedule,
    a template, "run" for the thread's, or "task 2" of it; `text`: words nobody was read out of yet.
    """

    name: str
    agent: str = ""
    person: Identity | None = None
    limit_micro_usd: int
    unit: Unit = "usd"
    period: BudgetPeriod | None = None
    mode: Literal["observe", "warn", "enforce"] = "enforce"
    sure: bool = False
    """The words are about something that is there: nothing of this name is made."""
    text: str = ""


class BudgetMore(BudgetSet):
    """Let so much more be spent until the day, week or month is over; else as in BudgetSet."""


class BudgetRemove(Model):
    """Take a limit away: of whom, as in BudgetSet, and for which period."""

    name: str
    agent: str = ""
    person: Identity | None = None
    period: BudgetPeriod | None = None
    unit: Unit | None = None
    text: str = ""


class QuotaSet(Model):
    """Set how much somebody may take up; `most` in words: "none" is no limit, "usual" the settings'."""

    counted: Counted
    most: int | Literal["none", "usual"]
    scope: Scope
    person: Identity | None = None


class BudgetPressed(Model):
    """A button of a budget alert; `text` is the new limit where one was typed."""

    budget: str
    what: Literal["raise", "cheaper", "pause"]
    text: str = ""


class Feedback(Model):
    """A person's opinion of a result: 1, -1, or 0 when taken back; `why` in their words."""

    run: RunId
    value: int
    why: str = ""


class PersonAnswered(Model):
    """The answer to what a running task asked a person."""

    wait: str
    text: str


class RoleSet(Model):
    """Give somebody a role."""

    person: Identity
    role: Role


class RoleTaken(Model):
    """Take a person's role away: the named one, or without one, whatever they are."""

    person: Identity
    role: Role | None = None


class ForgetSecret(Model):
    """Delete the project's secret of this name."""

    name: str


class CodeTyped(Model):
    """The code another account was given; `sure`: that account is theirs."""

    code: str
    sure: bool = False


class UnlinkAccount(Model):
    """Take an account away from its person: "" the one that speaks."""

    account: str = ""


class SetPolicy(Model):
    """A rule on approvals, in the words it was said in, which can be read."""

    text: str


class EndPolicy(Model):
    """Let the rule with this number hold no more."""

    number: int


class ExplainPolicy(Model):
    """Who has to approve such an effect, and why."""

    effect: EffectClass | None = None
    target: str = ""
    cost_micro_usd: int | None = None


class Lend(Model):
    """Somebody (`name`, as it was said) may approve for whoever says so, until then."""

    name: str
    until: str
    """ISO 8601, without a zone: the project's."""


class EndLent(Model):
    """Somebody no more approves for whoever says so; `name` "": nobody does."""

    name: str = ""


class WhatIf(Model):
    """What would the plan be with this change? It stays as it is."""

    plan: PlanHash
    text: str


class TakeIt(Model):
    """Make the change that was only thought of."""

    request: RequestId


class AskAbout(Model):
    """A question about the bot itself, answered from its own rows.

    `text` is the question as it was said. The rest is what of it was understood already, in the
    words that were said; what is left empty is read from `text`. `number` counts tasks or rules.
    """

    topic: Topic
    text: str = ""
    agent: str = ""
    person: str = ""
    period: str = ""
    task_type: str = ""
    number: int = 0


class Teach(Model):
    """Something to know or to heed from now on, in the words it was said in.

    `everyone`: for the whole project, where the words themselves don't say it.
    """

    kind: Literal["fact", "preference", "rule"]
    text: str
    everyone: bool = False


class Forget(Model):
    """Forget what was taught: the one with this number in `rules`, those that `what` is about,
    everything of one's own, or else the newest.
    """

    what: str = ""
    everything: bool = False
    number: int = 0


class Propose(Model):
    """What a person says to a rule that was proposed: that it holds, or not.

    `rule` is its id, as its button has it; `number` that in `rules`; without both the newest.
    `beside`: it holds, and so does the one it contradicts.
    """

    accepts: bool
    rule: str = ""
    number: int = 0
    beside: bool = False


class TemplateShow(Model):
    """What does a template do and take?"""

    name: str


class SaveTemplate(Model):
    """Make a template of this thread's plan, or of another one. `name` "" is the plan's title."""

    name: str
    plan: PlanHash = PlanHash("")


class ScheduleOrder(Model):
    """Do something about the schedules of the project; `number` 0 where none is meant.

    change: `text` says the new times; with `work` it may say other work instead.
    """

    what: ScheduleVerb
    number: int = 0
    text: str = ""
    work: bool = False


class ProjectOrder(Model):
    """Do something about projects as a whole; `name` "" is that of this place.

    rename, clone: `to` is the new name. archive: `cancel` ends what is at work there.
    """

    what: ProjectVerb
    name: str = ""
    to: str = ""
    cancel: bool = False


class Lacking(Model):
    """A row of the table without something it needs: that is asked for, and what is said next may
    be it.
    """

    name: str
    say: Sentence


class Unclear(Model):
    """It can't be acted on; `say` tells why, and what to say instead."""

    say: Sentence


class Ignore(Model):
    """Not meant for the bot, or of no consequence."""


Command = (
    Named | Said | SmallTalk | DidYouMean | Meant | NewRequest | AnswerGiven | DefaultsTaken | Approve | Withdraw | Refuse | DropRequest
    | DryRun | ChangePlan | Steer | Rerun | Fork | BudgetSet | BudgetMore | BudgetRemove | BudgetPressed | QuotaSet | Feedback | SetPolicy | EndPolicy | ExplainPolicy | Lend | EndLent | PersonAnswered | RoleSet | RoleTaken | CodeTyped | UnlinkAccount | ForgetSecret | Lacking | WhatIf | TakeIt | AskAbout | Teach | Forget | Propose | TemplateShow | SaveTemplate | ScheduleOrder | ProjectOrder | Unclear | Ignore
)  # fmt: skip
