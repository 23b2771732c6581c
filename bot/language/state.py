"""Where a conversation stands."""

from memory.model.base import Model, PlanHash, RequestId, RunId
from memory.model.identity import Identity
from memory.model.work.question import StoredQuestion


class Open(Model):
    """A command that this person gave and that lacked something: what it was read as, its words,
    and whom they named.
    """

    name: str
    text: str
    mentions: tuple[Identity, ...] = ()


class ConversationState(Model):
    """Where the conversation stands, as far as it decides what words mean.

    `questions` are all of the round that is open; `plan` is the one waiting in this thread;
    `shown` and `result` are the plan and the finished run on the message that was reacted to or
    pressed, `rule` the proposed rule on it, and `asked` says that it shows the open questions; `failed` is the thread's newest
    run, if it failed; `declined`: the newest request has no plan; `waits` are questions of running
    tasks that this person may answer; `known`: the bot takes part in the thread; `mine`: this
    person began it; `planning`: a plan is being made; `open_command` was asked about last.
    """

    questions: tuple[StoredQuestion, ...] = ()
    request: RequestId = RequestId("")
    planning: bool = False
    plan: PlanHash = PlanHash("")
    last_plan: PlanHash = PlanHash("")
    shown: PlanHash = PlanHash("")
    result: RunId = RunId("")
    rule: str = ""
    asked: bool = False
    declined: bool = False
    failed: RunId = RunId("")
    waits: tuple[str, ...] = ()
    known: bool = False
    mine: bool = False
    open_command: Open | None = None
