"""Every kind of card that people meet, drawn from fixed plans and runs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.chat import Button, OutFile, Outgoing, Section
from bot.language.catalogue import ENGLISH
from bot.queries.about.home import Home, Running, There
from bot.queries.budgets import Outlook
from bot.render.about.home import home_message
from bot.render.budgets import budget_alert
from bot.render.pictures.plan_picture import plan_picture
from bot.render.plans.message import closed_plan, plan_message
from bot.render.questions import Asked, closed_questions, person_question, questions_message
from bot.render.runs import completion, progress
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.base import AgentName, ProjectId, sha256
from memory.model.budget import Budget, BudgetState
from memory.model.events import BudgetAlert
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.overview import AgentRow
from memory.model.timing.schedule import Cron, Schedule
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, RunView, TaskState
from memory.model.work.value import File, Table, Text
from planner.port import Question
from tests.unit.bot.samples import plan, sales_plan, task, view, writes

_ = ENGLISH
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = {"chatgpt": "ChatGPT", "claude": "Claude", "gemini": "Gemini", "files": "files"}
DONE = TaskState.SUCCEEDED


@dataclass
class Kinds:
    """The cards by name, for one platform, and the bytes of their files."""

    platform: str
    bo: str
    cards: dict[str, Outgoing] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def picture(self, of: Plan, run: RunView | None = None) -> OutFile:
        states = {task.key: task.state for task in run.tasks} if run else None
        return self.file("plan.png", "image/png", plan_picture(_, of, states, names=NAMES))

    def file(self, name: str, media_type: str, data: bytes) -> OutFile:
        digest = sha256(data)
        self.files[digest] = data
        return OutFile(name=name, digest=digest, media_type=media_type, title=name)


def kinds(platform: str, *, bo: str) -> Kinds:
    """All of them; `bo` is the user id of whoever is asked."""
    made = Kinds(platform, bo)
    _asking(made)
    _plans(made)
    _runs(made)
    _results(made)
    _home(made)
    return made


def _asking(made: Kinds) -> None:
    questions = (
        Question(slot="reader", text="Who reads it?", options=("developers", "managers"),
                 default="developers"),
        Question(slot="mode", text="Publish now, or leave a draft?", options=("draft", "publish"),
                 default="draft"),
    )  # fmt: skip
    asked = [Asked(f"q{number}", question) for number, question in enumerate(questions)]
    made.cards["questions"] = questions_message(_, asked, request="req_1")
    made.cards["questions answered"] = closed_questions(asked)
    who = Identity(platform=made.platform, workspace="w", user_id=made.bo, display="bo")
    made.cards["a person is asked"] = person_question(
        _, "w1", "are the numbers of June right?", who=who, options=("yes", "no")
    )


def blog() -> Plan:
    return plan(
        task("research", "Research AI orchestration", "gemini", cost_high_micro_usd=20_000,
             reason="0.86 on 41 research tasks here"),
        task("draft", "Draft the post", cost_high_micro_usd=110_000, after="research",
             instruction="Write about 1,500 words for developers, in plain English.",
             reason="you asked for it"),
        task("review", "Review for tone", "claude", cost_high_micro_usd=90_000, after="draft",
             reason="you asked for it"),
        task("publish", "Publish the post", "files", after="review",
             effects=writes("blog/ai-orchestration.md")),
        title="Blog post: AI orchestration",
        assumptions=("Developers read it.",),
    )  # fmt: skip


def _plans(made: Kinds) -> None:
    of = blog()
    made.cards["plan"] = plan_message(
        _, of, needs="1 approver (bo or kim)", calls=f"<@{made.bo}>", picture=made.picture(of),
        names=NAMES,
    )  # fmt: skip
    many = [task(f"t{number}", f"Summarise chapter {number}", "claude") for number in range(1, 12)]
    last = task("out", "Write summary.md", "files", effects=writes("summary.md"))
    long = plan(*many, last, title="A summary of eleven chapters, one after the other")
    made.cards["long plan"] = plan_message(_, long, needs="", picture=None, names=NAMES)
    made.cards["plan dropped"] = closed_plan(_, of, "❌ Dropped by bo.", names=NAMES)


def _runs(made: Kinds) -> None:
    of = blog()
    states = {"research": DONE, "draft": DONE, "review": TaskState.RUNNING}
    notes = {"review": "Claude timed out, moved to Gemini"}
    going = view(of, states, notes=notes)
    made.cards["run under way"] = progress(
        _, going, of, made.picture(of, going), names=NAMES, now=going.started_at
    )
    paused = view(of, states, state=RunState.PAUSED, problem='budget "marketing" is used up')
    made.cards["run paused"] = progress(_, paused, of, names=NAMES)


def _home(made: Kinds) -> None:
    """As in the Home tab; there it has no pictures, either."""
    of = blog()
    going = view(of, {"research": DONE, "draft": TaskState.RUNNING})
    where = ThreadRef(platform=made.platform, workspace="w", channel="c", thread="1.0")
    ref = MessageRef(where=where, message="1.1")
    asked = plan_message(_, of, needs="1 approver (bo or kim)", picture=None, names=NAMES)
    budget = BudgetState(
        budget=Budget(id="b1", project="p", name="marketing", limit_micro_usd=50_000_000),
        period_start=AT,
        spent_micro_usd=37_500_000,
    )
    every = Schedule(when=Cron(expression="0 9 * * 1-5"), zone="Europe/Berlin")
    weekly = StoredSchedule(
        number=1, id="s1", project=ProjectId("p"), plan=of.hash, title="Revenue by region",
        schedule=every, state=ScheduleState.ACTIVE, created_by=Identity.of("slack:w:U1"),
        thread=where, created_at=AT, next_due=AT,
    )  # fmt: skip
    paused = AgentRow("gemini", "open", 3, AT, 0, 0, 4, 3, 0)
    home = Home(
        names={ProjectId("p"): "marketing"},
        waits=(There(7, ref, asked, near=True),),
        others=2,
        runs=(Running(going, There(8, ref, asked, near=True)),),
        budgets=((ProjectId("p"), Outlook(state=budget)),),
        schedules=((ProjectId("p"), weekly),),
        agents=(paused,),
    )
    agents = tuple(
        AgentSpec(
            name=AgentName(name),
            kind=AgentKind.MODEL,
            title=title,
            description=title,
            task_types=("draft",),
        )
        for name, title in NAMES.items()
    )
    made.cards["home"] = home_message(
        _, home, Catalogue(agents=agents), now=AT, address=lambda _ref: "https://test.slack.com/x"
    )


def _results(made: Kinds) -> None:
    sales = sales_plan()
    table = Table(
        columns=("region", "revenue", "orders"),
        rows=(("North", 39761.47, 213), ("East", 28490.64, 164), ("South", 14761.5, 88)),
        total_rows=3,
    )
    written = File(path="reports/q3.md", digest="d" * 64, media_type="text/markdown", size=15_000)
    done = view(
        sales,
        dict.fromkeys(("total", "chart", "report"), DONE),
        state=RunState.SUCCEEDED,
        values={"total": table, "report": written},
        cost=0,
    )
    report = made.file("q3.md", "text/markdown", b"# Q3\n\nNorth leads.\n")
    made.cards["result"] = completion(_, done, sales, (report,), names=NAMES)
    of = blog()
    broken = view(
        of,
        {"research": DONE, "draft": TaskState.FAILED},
        state=RunState.FAILED,
        notes={"draft": "The model said no: its quota is used up."},
    )
    made.cards["result of a failure"] = completion(_, broken, of, names=NAMES)
    poem = plan(task("poem", "Write a poem", "claude"), title="A poem")
    words = Text(text="Roses are red,\nviolets are blue.")
    said = view(poem, {"poem": DONE}, state=RunState.SUCCEEDED, values={"poem": words})
    made.cards["result in words"] = completion(_, said, poem, names=NAMES)
    budget = BudgetState(
        budget=Budget(id="b1", project="p", name="marketing", limit_micro_usd=50_000_000),
        period_start=AT,
        spent_micro_usd=37_500_000,
    )
    alert = BudgetAlert(
        budget="b1", percent=75, spent_micro_usd=37_500_000, limit_micro_usd=50_000_000,
        paused=False,
    )  # fmt: skip
    made.cards["budget"] = budget_alert(_, alert, Outlook(state=budget), owners=[made.bo])
    made.cards["words"] = Outgoing(
        sections=(
            Section(
                text="I know two ways to read that. **By month**, or by week?",
                buttons=(Button(action="answer:1", label="by month"),),
            ),
        )
    )
