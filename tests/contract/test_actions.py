"""Each action through each door: one audit row, the same one; the same refusal; once per event."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import bot.actions
from bot.actions import budgets, roles, runs, schedules, switch, teaching, templates
from bot.actions.act import Action, Actor, Door, perform
from bot.actions.limits import allowances, quotas
from bot.actions.limits.allowances import GiveAllowance
from bot.actions.limits.quotas import SetQuota
from bot.actions.plans import approvals, policies, questions, requests, shown
from bot.actions.plans.approvals import Decide, DecidePart, OnPlan
from bot.actions.plans.policies import Delegate, EndDelegation, EndRule, SetRule
from bot.actions.plans.questions import AnswerQuestions, OpenRequest
from bot.actions.plans.requests import AskAgain, AskChange, ChangeWaiting, Words
from bot.actions.plans.shown import ShowPlan
from bot.actions.projects import boards
from bot.actions.runs import AnswerTask, RateRun, SteerRun
from bot.chat import say
from bot.language.table import BY_NAME
from memory.model.agents.spec import EffectClass
from memory.model.approvals.policy import PolicyRule, Who
from memory.model.base import Model, PlanHash, ProjectId, RequestId, RunId
from memory.model.budget import Period
from memory.model.errors import NotAllowed
from memory.model.identity import Role
from memory.model.work.quotas import Counted, Scope
from memory.store.engine.database import Database
from memory.store.money import budgets as budget_rows
from memory.store.planning import plans
from memory.store.planning import questions as question_rows
from memory.store.tables import audit
from memory.store.tables import requests as request_rows
from memory.store.traffic import threads
from tests.conftest import SetClock
from tests.flows.bench import CHANNEL, THREAD, Bench, bench, person

TEST = ProjectId("test")
TEMPLATE = (Path(__file__).parents[2] / "deploy/templates/weekly-report.yaml").read_text()

Do = Callable[[Bench, str], Awaitable[None]]
Given = Callable[[Bench], Awaitable[Model]]


def says(text: str) -> Do:
    return lambda ready, who: ready.say(who, f"@orchestra {text}" if who == "vic" else text)


def reacts(emoji: str, on: str = "plan", *, removed: bool = False) -> Do:
    return lambda ready, who: ready.react(who, emoji, on=on, removed=removed)


def presses(label: str, typed: str = "") -> Do:
    return lambda ready, who: ready.press(who, label, typed)


@dataclass(frozen=True)
class Case:
    """`setup`: what happens first. `chat`: the ways to say it there. `audited` "": no row is due."""

    action: Action[Any, Any]
    audited: str
    given: Given
    chat: dict[str, Do] = field(default_factory=dict)
    setup: tuple[Do, ...] = ()
    denied: bool = True
    who: str = "ana"


async def plan_of(ready: Bench) -> PlanHash:
    async with ready.services.database.reading() as connection:
        newest = await plans.newest(connection, TEST, THREAD.key)
    assert newest is not None
    return newest


async def request_of(ready: Bench, *, what_if: bool = False) -> RequestId:
    """The request the thread is about, or the one that was only compared."""
    async with ready.services.database.reading() as connection:
        stored = await threads.get(connection, THREAD.key)
        every = (await connection.execute(sa.select(request_rows.c.id))).scalars().all()
    assert stored is not None
    if not what_if:
        return stored.request
    return RequestId(next(found for found in every if found != stored.request))


def run_of(ready: Bench) -> RunId:
    return next(iter(ready.services.executor.views))


def decide(ready: Bench, plan: PlanHash) -> Decide:
    return Decide(plan=plan, via="button", at=ready.clock.now())


def words(text: str = "") -> Words:
    return Words(text=text, thread=THREAD)


async def answers(ready: Bench) -> AnswerQuestions:
    async with ready.services.database.reading() as connection:
        asked = await question_rows.of_request(connection, await request_of(ready))
    return AnswerQuestions(answers=tuple((question.id, question.options[0]) for question in asked))


async def budget_of(ready: Bench) -> str:
    async with ready.services.database.reading() as connection:
        return (await budget_rows.budgets_of(connection, TEST))[0].id


async def new_plan(ready: Bench) -> ShowPlan:
    async with ready.services.database.reading() as connection:
        stored = await plans.load(connection, TEST, await plan_of(ready))
    plan = stored.plan.model_copy(update={"title": "once more"})
    return ShowPlan(plan=plan, thread=THREAD)


async def part(ready: Bench) -> DecidePart:
    """What was shown, and a part of it that waits now."""
    base = await plan_of(ready)
    await ready.say("ana", "skip 1")
    return DecidePart(plan=await plan_of(ready), base=base)


def steer(ready: Bench) -> SteerRun:
    return SteerRun(run=run_of(ready), reason="by ana")


def later(build: Callable[[Bench], Model]) -> Given:
    async def made(ready: Bench) -> Model:
        return build(ready)

    return made


def on_plan(build: Callable[[Bench, PlanHash], Model]) -> Given:
    async def made(ready: Bench) -> Model:
        return build(ready, await plan_of(ready))

    return made


def on_request(build: Callable[[RequestId], Model], *, what_if: bool = False) -> Given:
    async def made(ready: Bench) -> Model:
        return build(await request_of(ready, what_if=what_if))

    return made


def change(ready: Bench, plan: PlanHash) -> ChangeWaiting:
    return ChangeWaiting(plan=plan, words=words("skip 1"), at=ready.clock.now())


def ask_change(_ready: Bench, plan: PlanHash) -> AskChange:
    return AskChange(plan=plan, words=words("skip 1"))


async def raised(ready: Bench) -> budgets.RaiseBudget:
    return budgets.RaiseBudget(budget=await budget_of(ready), limit_micro_usd=90_000_000)


PLANNED = (says("write the report"),)
RUNNING = (says("write it slow"), says("run"))
PAUSED = (*RUNNING, says("pause"))
FAILED = (says("write the report and fail"), says("run"))
DONE = (says("write the report"), says("run"))
ASKED = (says("write a blog post"),)
WAITS = (says("ask kim about the numbers"), says("run"))
SCHEDULED = (says("every day at 10:30: write the report"), says("run"))
TAUGHT = (says("always write for managers"),)
CONTRADICTED = (*TAUGHT, says("always write for nurses"))
BUDGET = (says("budget $50 a month"),)
COMPARED = (*PLANNED, says("what if Gemini did the drafts?"))
NUMBER = schedules.OfSchedule(number=1)

KIM_IN = (says("make @kim approver"),)
RULED = (says("policy: publishing needs 2 approvers"),)
LENT = (*KIM_IN, says("@kim may approve for me until tomorrow"))


def two_approvers() -> PolicyRule:
    return PolicyRule(effect=EffectClass.PUBLISH, who=Who.APPROVER, count=2)


CASES = [
    Case(
        policies.set_rule, "policy.set", later(lambda _: SetRule(rule=two_approvers())),
        chat={"words": says("policy: publishing needs 2 approvers")},
    ),
    Case(
        policies.end_rule, "policy.removed", later(lambda _: EndRule(number=1)),
        chat={"words": says("remove policy 1")}, setup=RULED,
    ),
    Case(
        policies.delegate, "approval.delegated",
        later(
            lambda ready: Delegate(
                taker=person("kim"), until=ready.clock.now() + timedelta(days=1)
            )
        ),
        chat={"words": says("@kim may approve for me until tomorrow")}, setup=KIM_IN,
    ),
    Case(
        policies.end_delegation, "approval.delegation_ended",
        later(lambda _: EndDelegation()),
        chat={"words": says("end my delegation")}, setup=LENT,
    ),
    Case(
        requests.ask, "request.asked", later(lambda _: words("write the report")),
        chat={"words": says("write the report")},
    ),
    Case(
        requests.again, "request.asked",
        on_request(lambda request: AskAgain(request=request, words=words())),
        chat={"words": says("plan again")}, setup=PLANNED,
    ),
    Case(
        requests.change, "request.asked", on_plan(change),
        chat={"words": says("skip 1")}, setup=PLANNED,
    ),
    Case(
        requests.what_if, "request.asked", on_plan(ask_change),
        chat={"words": says("what if Gemini did the drafts?")}, setup=PLANNED,
    ),
    Case(
        requests.take_what_if, "request.asked",
        on_request(lambda request: AskAgain(request=request, words=words()), what_if=True),
        setup=COMPARED,
    ),
    Case(
        requests.fork, "request.asked", on_plan(ask_change),
        chat={"words": says("rerun it, but skip 1")}, setup=DONE,
    ),
    Case(
        questions.answer, "question.answered", answers,
        chat={"words": says("developers, draft")}, setup=ASKED,
    ),
    Case(
        questions.take_defaults, "question.defaulted",
        on_request(lambda request: OpenRequest(request=request)),
        chat={"words": says("defaults")}, setup=ASKED,
    ),
    Case(
        questions.drop, "request.dropped",
        on_request(lambda request: OpenRequest(request=request)),
        chat={"words": says("drop")}, setup=ASKED,
    ),
    Case(
        approvals.approve, "plan.approved", on_plan(decide), setup=PLANNED,
        chat={"words": says("run"), "emoji": reacts("✅"), "button": presses("✅ Run")},
    ),
    Case(approvals.approve_part, "plan.approved", part, setup=PLANNED),
    Case(
        approvals.withdraw, "plan.approval_withdrawn",
        on_plan(lambda _, plan: OnPlan(plan=plan)), denied=False,
    ),
    Case(
        approvals.refuse, "plan.refused", on_plan(decide), setup=PLANNED,
        chat={"words": says("drop"), "emoji": reacts("❌"), "button": presses("❌ Drop")},
    ),
    Case(
        approvals.dry_run, "", on_plan(lambda _, plan: OnPlan(plan=plan)), setup=PLANNED,
        chat={"words": says("dry run"), "emoji": reacts("🧪"), "button": presses("🧪 Dry run")},
    ),
    Case(shown.rerun, "plan.shown", new_plan, chat={"words": says("rerun")}, setup=DONE),
    Case(
        runs.pause, "run.paused", later(steer), setup=RUNNING,
        chat={"words": says("pause"), "emoji": reacts("⏸️")},
    ),
    Case(
        runs.resume, "run.resumed", later(steer), setup=PAUSED,
        chat={"words": says("resume"), "emoji": reacts("▶️")},
    ),
    Case(
        runs.cancel, "run.cancelled", later(steer), setup=RUNNING,
        chat={"words": says("cancel"), "emoji": reacts("🛑")},
    ),
    Case(
        runs.retry, "run.retried", later(steer), setup=FAILED, chat={"emoji": reacts("🔁", "result")}
    ),
    Case(
        runs.rate, "run.rated", later(lambda ready: RateRun(run=run_of(ready), value=1)),
        setup=DONE, chat={"emoji": reacts("👍", "result"), "button": presses("👍")},
    ),
    Case(
        runs.answer_task, "task.answered",
        later(lambda ready: AnswerTask(
            thread_key=THREAD.key, wait=next(iter(ready.services.executor.waits)), text="yes"
        )),
        setup=WAITS, denied=False, who="kim",
    ),
    Case(
        boards.show, "board.shown",
        later(lambda _: boards.ShowBoard(channel=CHANNEL, board=say("now"), moved=say("below"))),
        chat={"words": says("show a board here")},
    ),
    Case(
        boards.hide, "board.hidden",
        later(lambda _: boards.HideBoard(channel=CHANNEL, over=say("over"))),
        setup=(says("show a board here"),), chat={"words": says("remove the board")},
    ),
    Case(
        switch.stop, "work.stopped", later(lambda _: switch.Stop(reason="stopped by ana")),
        chat={"words": says("stop project")},
    ),
    Case(
        switch.release, "work.released", later(lambda _: switch.Release()),
        chat={"words": says("resume project")}, setup=(says("stop project"),),
    ),
    Case(
        budgets.set_budget, "budget.set",
        later(lambda _: budgets.SetBudget(limit_micro_usd=50_000_000)),
        chat={"words": says("budget $50 a month")},
    ),
    Case(
        budgets.remove_budget, "budget.removed",
        later(lambda _: budgets.RemoveBudget()),
        chat={"words": says("remove the budget")}, setup=BUDGET,
    ),
    Case(
        allowances.allow, "budget.allowed",
        later(lambda _: GiveAllowance(amount_micro_usd=2_000_000, period=Period.DAY)),
        chat={"words": says("$2 more today")}, setup=BUDGET,
    ),
    Case(
        quotas.set_quota, "quota.set",
        later(lambda _: SetQuota(scope=Scope.PROJECT, subject=TEST, counted=Counted.RUNS, most=40)),
        chat={"words": says("quota runs 40")},
    ),
    Case(budgets.raise_budget, "budget.set", raised, setup=BUDGET),
    Case(budgets.prefer_cheap, "budget.cheaper", later(lambda _: budgets.PreferCheap())),
    Case(
        roles.set_role, "role.approver",
        later(lambda _: roles.SetRole(person=person("kim"), role=Role.APPROVER)),
        chat={"words": says("make @kim approver")},
    ),
    Case(
        teaching.teach, "rule.taught",
        later(lambda _: teaching.TeachRule(text="always write for managers")),
        chat={"words": says("always write for managers"), "fact": says("remember that Acme is closed")},
    ),
    Case(
        teaching.forget, "rule.forgotten",
        later(lambda _: teaching.ForgetRules(everything=True)),
        chat={"words": says("forget everything about me"), "number": says("forget rule 1")},
        setup=TAUGHT,
    ),
    Case(
        teaching.accept, "rule.accepted", later(lambda _: teaching.DecideRule(number=2)),
        chat={"words": says("accept rule 2"), "button": presses("✅ The new one")},
        setup=CONTRADICTED,
    ),
    Case(
        teaching.decline, "rule.declined", later(lambda _: teaching.DecideRule(number=2)),
        chat={"words": says("decline rule 2"), "button": presses("The old one")},
        setup=CONTRADICTED,
    ),
    Case(
        schedules.pause, "schedule.paused", later(lambda _: NUMBER),
        chat={"words": says("pause schedule 1")}, setup=SCHEDULED,
    ),
    Case(
        schedules.resume, "schedule.resumed", later(lambda _: NUMBER),
        chat={"words": says("resume schedule 1")}, setup=(*SCHEDULED, says("pause schedule 1")),
    ),
    Case(
        schedules.delete, "schedule.deleted", later(lambda _: NUMBER),
        chat={"words": says("delete schedule 1")}, setup=SCHEDULED,
    ),
    Case(
        schedules.run, "schedule.run", later(lambda _: NUMBER),
        chat={"words": says("run schedule 1 now")}, setup=SCHEDULED,
    ),
    Case(
        templates.save, "template.saved", later(lambda _: templates.SaveTemplate(text=TEMPLATE, replace=True)),
        chat={"words": says("save this as a template called hello")}, setup=PLANNED,
    ),
]  # fmt: skip

ELSEWHERE = {
    **{
        f"project.{deed}": "tests/unit/bot/test_projects.py, with roles in two projects"
        for deed in ("create", "rename", "clone", "archive", "restore", "switch", "unbind")
    },
    "place.confirm": "tests/unit/bot/test_setup.py, in a channel of its own",
    **dict.fromkeys(
        ("person.link", "person.type_code", "person.unlink"),
        "tests/unit/bot/test_linking.py, with accounts on two platforms",
    ),
    "audit.rotate_key": "tests/unit/bot/cli/test_audit.py, with a real file of keys",
    "run.rerun": "tests/unit/bot/cli/test_cli_steering.py, with runs of the real executor",
    "secret.keep": "tests/unit/bot/test_project_secrets.py, with a real file of keys",
    "secret.forget": "tests/unit/bot/test_project_secrets.py, with a real file of keys",
    "tools.trust": "tests/unit/bot/config/test_tool_servers.py, with a real server of tools",
    "tools.refuse": "tests/unit/bot/config/test_tool_servers.py, with a real server of tools",
}
"""Actions of which another test shows the same."""


def every_action() -> dict[str, Action[Any, Any]]:
    found: dict[str, Action[Any, Any]] = {}
    for module in pkgutil.walk_packages(bot.actions.__path__, "bot.actions."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Action):
                found[value.name] = value
    return found


def test_every_action_stands_in_the_table_and_here() -> None:
    actions = every_action()
    assert set(actions) <= set(BY_NAME)
    assert set(actions) == {case.action.name for case in CASES} | set(ELSEWHERE)


CHAT = [(case, door) for case in CASES for door in case.chat]


def named(value: object) -> str:
    return value.action.name if isinstance(value, Case) else str(value)


@pytest.mark.parametrize(("case", "door"), CHAT, ids=named)
async def test_in_the_chat_it_leaves_one_row(
    case: Case, door: str, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with ready_for(case, sqlite, clock, tmp_path) as ready:
        before = await newest(sqlite)
        await case.chat[door](ready, "ana")
        assert await rows_of(sqlite, "ana", before) == ([case.audited] if case.audited else [])


@pytest.mark.parametrize("door", [Door.CLI, Door.API, Door.WEB, Door.MCP])
@pytest.mark.parametrize("case", CASES, ids=named)
async def test_through_another_door_it_leaves_the_same_row_and_once(
    case: Case, door: Door, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with ready_for(case, sqlite, clock, tmp_path) as ready:
        given = await case.given(ready)
        before = await newest(sqlite)
        actor = Actor(identity=person(case.who), door=door, event="call 1")
        result = await perform(ready.services, actor, TEST, case.action, given)
        assert await perform(ready.services, actor, TEST, case.action, given) == result
        assert await rows_of(sqlite, case.who, before) == ([case.audited] if case.audited else [])
        await ready.settled()


@pytest.mark.parametrize("case", [case for case in CASES if case.denied], ids=named)
async def test_who_may_only_look_is_refused_alike_through_every_door(
    case: Case, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with ready_for(case, sqlite, clock, tmp_path) as ready:
        given = await case.given(ready)
        await ready.say("ana", "make @vic viewer")
        before, refusals = await newest(sqlite), set()
        for door in (Door.CLI, Door.API, Door.WEB):
            actor = Actor(identity=person("vic"), door=door, event=f"{door} 1")
            with pytest.raises(NotAllowed) as refused:
                await perform(ready.services, actor, TEST, case.action, given)
            refusals.add(refused.value.user_text)
        for door, do in case.chat.items():
            await do(ready, "vic")
            assert any(text in ready.heard() for text in refusals) or door != "words"
        assert len(refusals) == 1
        assert "read-only" in refusals.pop()
        assert await rows_of(sqlite, "vic", before) == []


LOOKS = [
    ("run.status", "status", "Nothing"),
    ("agents.show", "agents", "No agent has done anything yet"),
    ("help", "help", "Say what you want done"),
    ("roles.show", "roles", "vic"),
    ("budget.show", "budget", "budget"),
    ("home.show", "home", "Nothing waits for you"),
    ("quota.show", "quotas", "Messages in an hour"),
    ("policy.show", "policy", "Who has to approve what here"),
    ("policy.explain", "who has to approve commands?", "running commands needs 1 approver"),
    ("schedules.list", "schedules", "schedules"),
    ("secrets.list", "secrets", "keeps no secrets"),
    ("schedule.show", "schedule 1", "schedule"),
    ("templates.list", "templates", "Blog post"),
    ("template.show", "show the blog-post template", "Blog post"),
    ("about.rules", "preferences", "remember"),
    ("about.help", "what can you do?", "Say what you want done"),
    ("about.cost", "what did it cost yesterday?", "Nothing was spent"),
    ("about.forecast", "will the budget last?", "Nothing was spent"),
    ("about.runs", "what are you working on?", "Nothing"),
    ("about.waiting", "what is waiting for me?", "Nothing is waiting"),
    ("about.history", "what did we do today?", "Nothing was run"),
    ("about.why", "why this agent?", "no plan in this thread"),
    ("about.best", "who is best at code?", "Nobody connected here"),
    ("about.agent", "how good is Claude?", "No model is connected"),
    ("about.knowledge", "what do you know?", "I know nothing"),
    ("about.settings", "settings", "you are viewer here"),
    ("about.project", "which project is this?", "vic"),
    ("about.self", "are you an AI?", "a program and not a person"),
    ("about.privacy", "is my data sent anywhere?", "No model or service outside this machine"),
    ("about.clock", "what day is it?", "It's Monday, 2 March"),
]


def test_the_rest_of_the_table_is_looked_at() -> None:
    """What is neither an action nor a look is done by other actions."""
    done = {case.action.name for case in CASES} | set(ELSEWHERE) | {name for name, *_ in LOOKS}
    by_others = {
        "run.priority": "flows/understanding.py: what can't be done is said",
        "project.list": "tests/unit/bot/test_projects.py",
        "project.show": "tests/unit/bot/test_projects.py",
        "talk.greeting": "flows/understanding.py: small talk",
        "talk.thanks": "flows/understanding.py: small talk",
        "talk.aside": "flows/understanding.py: small talk",
        "files.keep": "flows/dialogues.py: a file alone is kept and asked about",
        "run.undo": "flows/whole/test_whole_undo.py",
        "schedule.change": "flows/schedules.py: shows a plan, which is plan.shown",
        "work.stop_all": "work.stop with everywhere",
        "work.release_all": "work.release with everywhere",
    }
    assert set(BY_NAME) == done | set(by_others)


@pytest.mark.parametrize(("name", "text", "shows"), LOOKS, ids=[name for name, *_ in LOOKS])
async def test_who_may_only_look_may_look_and_leaves_no_row(
    name: str, text: str, shows: str, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    assert name in BY_NAME
    async with bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await ready.say("ana", "make @vic viewer")
        before = await newest(sqlite)
        await ready.say("vic", f"@orchestra {text}")
        assert shows in ready.heard()
        assert "read-only" not in ready.heard()
        assert await rows_of(sqlite, "vic", before) == []


def ready_for(case: Case, database: Database, clock: SetClock, folder: Path) -> Any:
    return _Ready(case, database, clock, folder)


class _Ready:
    """A bench on which the case's setup has happened."""

    def __init__(self, case: Case, database: Database, clock: SetClock, folder: Path) -> None:
        self._case = case
        self._bench = bench(database, clock, folder, owners=("ana",), quorum=_quorum(case))

    async def __aenter__(self) -> Bench:
        ready = await self._bench.__aenter__()
        for do in self._case.setup:
            await do(ready, "ana")
        if self._case.action is approvals.withdraw:
            await ready.say("ana", "write the report")
            await ready.react("ana", "✅")
        return ready

    async def __aexit__(self, *error: Any) -> None:
        await self._bench.__aexit__(*error)


def _quorum(case: Case) -> int:
    """An approval can be taken back only while another one is missing."""
    return 2 if case.action is approvals.withdraw else 1


async def newest(database: Database) -> int:
    async with database.reading() as connection:
        return (await connection.execute(sa.select(sa.func.max(audit.c.seq)))).scalar_one() or 0


async def rows_of(database: Database, who: str, after: int) -> list[str]:
    """What the person is on record for since then."""
    mine = (audit.c.seq > after) & (audit.c.actor == person(who).key)
    query = sa.select(audit.c.action).where(mine & audit.c.action.not_in(FOLLOWS))
    async with database.reading() as connection:
        return list((await connection.execute(query.order_by(audit.c.seq))).scalars())


FOLLOWS = ("run.started", "plan.shown_again")
"""What the system does next in the name of whoever approved."""
