"""What a server could answer: the data of the pictures, and of the states that are hard to reach."""

# A row of data stays on its line.
# fmt: off
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Answer = Mapping[str, Any]
Answers = dict[str, Answer]

MICRO = 1_000_000
HASH = "7f3a90c1" + "5be2d40a" * 7
STATES = ("succeeded", "succeeded", "failed", "running", "waiting")
WIDTH, HEIGHT, ACROSS, DOWN = 184, 52, 236, 72


def ago(now: datetime, **passed: float) -> str:
    """The moment so long before now, as the server writes it."""
    return (now - timedelta(**passed)).isoformat(timespec="seconds").replace("+00:00", "Z")


def full(now: datetime) -> Answers:
    """A team in the middle of its day."""
    return {
        "/me": me(),
        "/overview": {
            "runs": [
                run_row(now, "run_blog", "Blog post: AI orchestration", done=3, tasks=4, cost=92_000),
                run_row(now, "run_sales", "Quarterly sales report with charts", done=11, tasks=18, minutes=9, cost=412_000),
                run_row(now, "run_asks", "Translate the handbook", state="paused", done=2, tasks=6, minutes=40, cost=31_000),
            ],
            "waiting": [waiting(now), question(now), waiting(now, title="Nightly backup check", yours=False, who=["kim"])],
            "agents": agent_rows(now),
            "queue": {"lanes": [{"agent": "claude", "waiting": 2, "working": 1}], "workers": [{"id": "w1", "version": "0.1.0", "started_at": ago(now, hours=8), "beat_at": ago(now, seconds=2)}]},
            "budgets": budgets(),
            "stopped": [],
            "cursor": 100,
            "at": ago(now),
        },
        "/runs": listed(
            run_row(now, "run_blog", "Blog post: AI orchestration", done=3, tasks=4, cost=92_000),
            run_row(now, "run_old1", "Weekly ticket summary", state="succeeded", done=5, tasks=5, minutes=90, took=4, cost=48_000),
            run_row(now, "run_old2", "Fix the flaky login test", state="failed", done=2, tasks=3, minutes=200, took=11, cost=310_000, problem="review: the tests still fail"),
            run_row(now, "run_old3", "Clean the customer list", state="succeeded", done=4, tasks=4, minutes=1500, took=2, cost=0),
            run_row(now, "run_old4", "Launch announcement", state="cancelled", done=1, tasks=7, minutes=3000, took=1, cost=9_000, simulated=True),
        ),
        "/runs/run_blog": blog_run(now),
        f"/plans/{HASH}": plan(now),
        "/plans": listed(),
        "/agents": listed(*agents(now)),
        "/budgets": listed(*budgets()),
        "/costs": costs(now),
        "/schedules": listed(
            {"number": 1, "project": "prj_m", "title": "Weekly ticket summary", "state": "active", "words": "every Monday at 9:00", "zone": "Europe/Berlin", "next_at": ago(now, days=-2), "plan": HASH, "last": {"due_at": ago(now, days=5), "state": "started", "run": "run_old1"}},
            {"number": 2, "project": "prj_m", "title": "Nightly backup check", "state": "asking", "words": "every day at 2:30", "zone": "UTC", "next_at": None, "plan": HASH, "last": None},
            {"number": 3, "project": "prj_m", "title": "Month-end invoice run", "state": "paused", "words": "on the last working day of the month", "zone": "Europe/Berlin", "next_at": None, "plan": HASH, "last": None},
        ),
        "/templates": listed(*(template(*each) for each in TEMPLATES)),
        "/templates/blog-post": {"name": "blog-post", "source": "shipped", "yaml": YAML, "document": document(), "etag": "1"},
        "/workflows/validate": {"ok": True, "problems": [], "graph_hash": HASH, "effects": plan(now)["effects"], "tasks": plan(now)["tasks"], "assumptions": [], "estimate": forecast(), "layout": plan(now)["layout"]},
        "/knowledge": listed(
            {"kind": "file", "title": "Style guide", "text": "We write for managers: short sentences, no jargon, one idea a paragraph.", "source": "docs/style.md", "at": ago(now, days=12)},
            {"kind": "result", "title": "Blog post: agents at work", "text": "Readers stayed longest on posts with one worked example.", "source": "run_old1 · analyse", "at": ago(now, days=3)},
        ),
        "/rules": listed({"number": 1, "kind": "preference", "text": "Always write for managers", "author": "ana", "own": False, "at": ago(now, days=20)}, {"number": 2, "kind": "fact", "text": "Our fiscal year starts in April", "author": "kim", "own": False, "at": ago(now, days=41)}),
        "/audit": listed(*audit(now)),
        "/audit/verify": {"intact": True, "rows": 1200, "sealed": 1200, "text": "All 1,200 rows are as they were written."},
        "/settings": {
            "project": "marketing",
            "file": "orchestra.toml",
            "role": "owner",
            "rights": ["see", "ask", "approve"],
            "stopped": False,
            "items": [
                {"name": "retention_days", "value": "90 days", "source": "default", "why": "Rows older than this are deleted each night."},
                {"name": "approvals.publish", "value": "1 approver, not the asker", "source": "settings file", "why": "Publishing reaches people outside, so somebody else looks first."},
                {"name": "models.claude.key", "value": "set", "source": "environment", "why": "Kept as a handle; only the way out can read it."},
            ],
        },
        "/sessions": listed(
            {"id": "ses_1", "project": "prj_m", "project_name": "marketing", "title": "Blog post about AI orchestration", "created_at": ago(now, minutes=9), "updated_at": ago(now, minutes=1)},
            {"id": "ses_2", "project": "prj_m", "project_name": "marketing", "title": "Chart the revenue by month", "created_at": ago(now, days=1), "updated_at": ago(now, days=1)},
        ),
        "/sessions/ses_1/messages": listed(*messages(now)),
        "/orchestration/agents/select": listed({"agent": "gemini", "title": "Gemini", "score": 0.86, "reason": "0.86 on 41 research tasks here, $0.01", "breaker": "closed"}),
    }


def empty(now: datetime) -> Answers:
    """The first minute after installing."""
    answers = {path: listed() for path, answer in full(now).items() if "items" in answer}
    nothing = {"runs": [], "waiting": [], "agents": [], "queue": {"lanes": [], "workers": []}, "budgets": [], "stopped": [], "cursor": 0, "at": ago(now)}
    quiet = {**costs(now), "cost_micro_usd": 0, "attempts": 0, "unpriced": 0, "lines": [], "saved": None}
    return full(now) | answers | {"/overview": nothing, "/costs": quiet}


def crowded(now: datetime) -> Answers:
    """Two hundred tasks, and names longer than anybody would wish."""
    name = "Quarterly reconciliation of every ledger against the warehouse exports of all subsidiaries, with a summary"
    tasks = [run_task(f"t{number}", f"{number}. {name}" if number % 7 == 0 else f"Check ledger {number}", "claude-opus-with-a-long-name", STATES[number % 5], needs=[f"t{number - 20}"] if number > 20 else []) for number in range(1, 201)]
    run = blog_run(now) | {"title": name, "tasks": tasks, "layout": layout(tasks, rows=20), "problem": "3 tasks failed: the export of a subsidiary isn't there"}
    overview = dict(full(now)["/overview"])
    overview["runs"] = [run_row(now, "run_blog", name, done=80, tasks=200, cost=18_400_000)]
    overview["stopped"] = [{"project": "prj_m", "reason": "the numbers don't add up, ana looks into it"}]
    overview["waiting"] = [waiting(now, title=name, yours=False, who=["kim", "bo", "alexandra-von-und-zu-hohenstein"])]
    return full(now) | {"/runs/run_blog": run, "/overview": overview}


def listed(*items: Answer) -> Answer:
    """A page of a list that has no more pages."""
    return {"items": list(items), "next": None}


def me() -> Answer:
    """Who looks."""
    projects = [{"id": "prj_m", "name": "marketing", "role": "owner", "archived": False, "sandbox": False, "here": True}, {"id": "prj_o", "name": "operations", "role": "member", "archived": False, "sandbox": False, "here": False}]
    return {"person": "console:local:ana", "name": "ana", "admin": True, "door": "web", "scopes": ["read", "work", "approve"], "projects": projects, "version": "0.1.0", "language": "en", "offline": False}


def run_row(now: datetime, run: str, title: str, *, state: str = "running", done: int, tasks: int, minutes: float = 4, took: float | None = None, cost: int, problem: str = "", simulated: bool = False) -> Answer:
    """A run as lists show it."""
    finished = None if took is None else ago(now, minutes=minutes - took)
    return {"id": run, "project": "prj_m", "project_name": "marketing", "title": title, "state": state, "simulated": simulated, "done": done, "tasks": tasks, "cost_micro_usd": cost, "unpriced": False, "problem": problem, "started_at": ago(now, minutes=minutes), "finished_at": finished}


def waiting(now: datetime, *, title: str = "Publish the release notes", yours: bool = True, who: list[str] | None = None) -> Answer:
    """A plan that waits."""
    return {"kind": "plan", "project": "prj_m", "project_name": "marketing", "plan": HASH, "run": "", "wait": "", "title": title, "who": who or ["ana", "kim"], "yours": yours, "since": ago(now, minutes=6)}


def question(now: datetime) -> Answer:
    """A question that waits."""
    return {"kind": "question", "project": "prj_m", "project_name": "marketing", "plan": "", "run": "run_asks", "wait": "wait_1", "title": "Which chapters should stay in English?", "who": ["ana"], "yours": True, "since": ago(now, minutes=12)}


def forecast() -> Answer:
    """What a plan was said to take."""
    return {"cost_low_micro_usd": 110_000, "cost_high_micro_usd": 240_000, "seconds_low": 180, "seconds_high": 360, "unpriced": [], "basis": "41 like it", "chain": ["research", "draft", "review", "publish"], "bottleneck": "draft"}


def run_task(key: str, title: str, agent: str, state: str, *, needs: list[str], note: str = "", cost: int = 9_000, effects: list[Answer] | None = None, **more: Any) -> dict[str, Any]:
    """A task of a run."""
    return {
        "key": key,
        "title": title,
        "type": key,
        "agent": agent.lower(),
        "agent_title": agent,
        "state": state,
        "attempts": 1,
        "cost_micro_usd": cost if state != "waiting" else 0,
        "cost_high_micro_usd": 60_000,
        "note": note,
        "said": "",
        "reason": "",
        "needs": needs,
        "effects": effects or [],
        "value": None,
        "started_at": None,
        "finished_at": None,
        "critical": True,
        "items": [],
    } | more


def blog_run(now: datetime) -> dict[str, Any]:
    """The run of the README."""
    tasks = [
        run_task(
            "research",
            "Research the topic",
            "Gemini",
            "succeeded",
            needs=[],
            reason="0.86 on 41 research tasks here, $0.01",
            value={"kind": "text", "text": "Three sources agree: teams want one place to give work to many agents.", "label": "untrusted"},
            started_at=ago(now, seconds=240),
            finished_at=ago(now, seconds=190),
        ),
        run_task("interviews", "Quotes from the interviews", "Mistral", "succeeded", needs=[], critical=False, started_at=ago(now, seconds=240), finished_at=ago(now, seconds=215)),
        run_task(
            "draft",
            "Draft the post",
            "ChatGPT",
            "succeeded",
            needs=["research", "interviews"],
            cost=52_000,
            reason="You asked for it",
            started_at=ago(now, seconds=190),
            finished_at=ago(now, seconds=95),
            value={"kind": "text", "text": "# One place for all your agents\n\nMost teams now have five assistants and no desk…", "label": "untrusted"},
        ),
        run_task("review", "Review for tone", "Gemini", "running", needs=["draft"], note="Claude timed out, moved to Gemini", attempts=2, started_at=ago(now, seconds=95), said="The second paragraph promises more than the post keeps. Looking at the ending…"),
        run_task("publish", "Publish to /blog/", "Files", "waiting", needs=["review"], effects=[{"effect": "publish", "target": "blog/ai-orchestration.md"}]),
    ]
    timeline = [
        attempt(now, "research", "Gemini", 1, "succeeded", 240, 190),
        attempt(now, "interviews", "Mistral", 1, "succeeded", 240, 215),
        attempt(now, "draft", "ChatGPT", 1, "succeeded", 190, 95),
        attempt(now, "review", "Claude", 1, "failed", 95, 40, "no answer within 60 s"),
        attempt(now, "review", "Gemini", 2, "running", 38, None),
    ]
    row = run_row(now, "run_blog", "Blog post: AI orchestration", done=3, tasks=5, cost=92_000)
    artifact = {"task": "draft", "path": "blog/draft.md", "digest": "d" * 64, "media_type": "text/markdown", "size": 9_100, "title": "", "url": "/api/v1/runs/run_blog/artifacts/" + "d" * 64}
    return {**row, "plan": HASH, "thread": "slack:T:C:1", "seq": 100, "forecast": forecast(), "tasks": tasks, "layout": layout(tasks), "timeline": timeline, "artifacts": [artifact], "audit": audit(now)[:3], "may": ["pause", "cancel"], "waits": []}


def attempt(now: datetime, task: str, agent: str, number: int, state: str, start: float, end: float | None, note: str = "") -> Answer:
    """One try at a task."""
    return {"id": f"att_{task}{number}", "task": task, "number": number, "agent": agent.lower(), "agent_title": agent, "state": state, "code": "", "note": note, "cost_micro_usd": 9_000, "started_at": ago(now, seconds=start), "finished_at": None if end is None else ago(now, seconds=end)}


def layout(tasks: list[dict[str, Any]], rows: int = 0) -> Answer:
    """Tasks in layers, left to right (the real server does it better)."""
    depth: dict[str, int] = {}
    for task in tasks:
        depth[task["key"]] = max((depth[need] + 1 for need in task["needs"]), default=0)
    filled: dict[int, int] = {}
    nodes = []
    for task in tasks:
        layer = depth[task["key"]]
        row = filled.get(layer, 0)
        filled[layer] = row + 1
        nodes.append({"key": task["key"], "x": layer * ACROSS, "y": row * DOWN, "width": WIDTH, "height": HEIGHT})
    at = {node["key"]: node for node in nodes}
    edges = [{"from": need, "to": task["key"], "points": [[at[need]["x"] + WIDTH, at[need]["y"] + HEIGHT / 2], [at[task["key"]]["x"], at[task["key"]]["y"] + HEIGHT / 2]]} for task in tasks for need in task["needs"]]
    return {"width": max(depth.values()) * ACROSS + WIDTH, "height": max(filled.values()) * DOWN - DOWN + HEIGHT, "nodes": nodes, "edges": edges}


def plan(now: datetime) -> Answer:
    """The plan that waits for ana."""

    def task(key: str, title: str, agent: str, needs: list[str], instruction: str, **more: Any) -> dict[str, Any]:
        return {"key": key, "title": title, "type": key, "agent": agent.lower(), "agent_title": agent, "instruction": instruction, "reason": "", "needs": needs, "effects": [], "cost_high_micro_usd": 60_000, "inputs": {}, "critical": True} | more

    publishes = [{"task": "publish", "effect": "publish", "target": "docs/releases/2.4.md"}, {"task": "announce", "effect": "publish", "target": "#announcements"}]
    tasks = [
        task("collect", "Collect what changed", "Git", [], "", cost_high_micro_usd=0, inputs={"range": "v2.3..v2.4"}, reason="The only one that reads history"),
        task("write", "Write the notes", "Claude", ["collect"], "Write release notes for managers from the changes. Group them by what people notice. At most 400 words.", reason="0.91 on 23 drafts here, $0.04"),
        task("publish", "Publish to the docs", "Files", ["write"], "", cost_high_micro_usd=0, effects=publishes[:1], inputs={"path": "docs/releases/2.4.md"}),
        task("announce", "Announce in the channel", "Slack", ["publish"], "", cost_high_micro_usd=0, effects=publishes[1:], inputs={"channel": "#announcements"}, critical=False),
    ]
    return {
        "hash": HASH,
        "short": HASH[:8],
        "project": "prj_m",
        "project_name": "marketing",
        "title": "Publish the release notes",
        "state": "waiting",
        "asked_by": {"person": "slack:T:U", "name": "bo"},
        "created_at": ago(now, minutes=6),
        "expires_at": ago(now, hours=-23.9),
        "author": "planner",
        "estimate": forecast(),
        "assumptions": ["The notes are in English."],
        "unasked": [],
        "on_failure": "continue",
        "schedule": None,
        "highest_effect": "publish",
        "effects": publishes,
        "tasks": tasks,
        "layout": layout(tasks),
        "approvals": [],
        "needs": {"each": [{"missing": 1, "given": 0, "quorum": 1, "able": ["ana", "kim"], "rule": 0}], "own": False, "able": ["ana", "kim"]},
        "policy": ["Publishing needs one approver who didn't ask for it."],
        "obstacles": {"gone": [], "failing": [], "short": [], "unpriced": []},
        "before": None,
        "changes": "",
        "text": "",
        "run": None,
        "yours": True,
        "may": ["approve", "refuse", "dry-run"],
    }


def agent_rows(now: datetime) -> list[Answer]:
    """How the agents are."""

    def row(agent: str, title: str, succeeded: int, failed: int, **more: Any) -> Answer:
        return {"agent": agent, "title": title, "breaker": "closed", "failures": 0, "opened_at": None, "waiting": 0, "working": 0, "succeeded": succeeded, "failed": failed, "success_rate": succeeded / (succeeded + failed), "cost_micro_usd": 1_200_000} | more

    return [row("chatgpt", "ChatGPT", 112, 3, working=1), row("claude", "Claude", 87, 9, breaker="open", failures=3, opened_at=ago(now, minutes=2), waiting=2), row("gemini", "Gemini", 203, 4, working=2), row("files", "Files", 340, 0)]


def agents(now: datetime) -> list[Answer]:
    """The catalogue."""
    lately = {str(row["agent"]): row for row in agent_rows(now)}
    profile = {"task_type": "research", "tries": 41, "success_rate": 0.97, "quality": 0.86, "evidence": 0.8, "cost_micro_usd": 9_000, "seconds": 42.0}
    draft = profile | {"task_type": "draft", "tries": 18, "success_rate": 0.94, "quality": 0.71, "evidence": 0.55, "cost_micro_usd": 31_000, "seconds": 88.0}
    parameter = {"name": "path", "description": "Where the file is written", "type": "path", "slot": "control", "required": True, "default": None, "choices": [], "takes": []}

    def agent(name: str, title: str, kind: str, description: str, **more: Any) -> Answer:
        return {"name": name, "title": title, "kind": kind, "description": description, "task_types": [name if kind == "tool" else "draft"], "parameters": [], "output": "text", "effect": "read", "local": False, "provider": "", "lately": lately.get(name), "profiles": []} | more

    return [
        agent("chatgpt", "ChatGPT", "model", "Writes, plans and reasons", provider="openai", profiles=[draft]),
        agent("claude", "Claude", "model", "Careful with long texts and with code", provider="anthropic", profiles=[draft]),
        agent("gemini", "Gemini", "model", "Reads the web and large files", provider="google", profiles=[profile, draft]),
        agent("codex", "Codex", "command", "Works on a checkout of the code", effect="exec", local=True),
        agent("files", "Files", "tool", "Reads and writes files of the project", effect="write", local=True, parameters=[parameter]),
        agent("charts", "Charts", "tool", "Draws charts from tables", local=True),
    ]


def budgets() -> list[Answer]:
    """One near its end, one at ease."""

    def budget(name: str, limit: float, spent: float, **more: Any) -> Answer:
        return {
            "id": f"bud_{name}",
            "project": "prj_m",
            "name": name,
            "scope": "project",
            "subject": "",
            "unit": "usd",
            "period": "month",
            "limit": int(limit * MICRO),
            "spent": int(spent * MICRO),
            "reserved": int(0.6 * MICRO),
            "percent": round(100 * spent / limit),
            "mode": "enforce",
            "paused": False,
            "period_start": "2026-11-01T00:00:00Z",
            "ends_on": None,
            "projected": None,
            "by_agent": [],
        } | more

    return [budget("marketing", 50, 38.2, ends_on="2026-11-30"), budget("operations", 120, 31.4, projected=44 * MICRO)]


def costs(now: datetime) -> Answer:
    """Money by whatever is asked: by day for the columns, by agent for the bars."""
    days = [{"name": ago(now, days=30 - number)[:10], "cost_micro_usd": (number * 37 % 11) * 210_000, "attempts": number % 5} for number in range(1, 31)]
    by_agent = [{"name": "Claude", "cost_micro_usd": 18_400_000, "attempts": 96}, {"name": "ChatGPT", "cost_micro_usd": 14_100_000, "attempts": 115}, {"name": "Gemini", "cost_micro_usd": 5_700_000, "attempts": 207}]
    return {
        "since": ago(now, days=30),
        "until": ago(now),
        "by": "agent",
        "cost_micro_usd": 38_200_000,
        "attempts": 418,
        "unpriced": 2,
        "lines": by_agent,
        "days": days,
        "forecast": {"spent_micro_usd": 38_200_000, "month_micro_usd": 44_000_000, "elapsed_days": 27.6, "month_days": 30, "last_day": "2026-11-30"},
        "saved": {"calls": 31, "cost_micro_usd": 2_300_000},
    }


TEMPLATES = (
    ("blog-post", "Blog post", "Research, draft, review for tone, and save as Markdown", 4),
    ("code-review", "Code review", "Read a change, look for faults, and write down what to fix", 3),
    ("bug-fix", "Bug fix", "Reproduce, fix, test, and describe the change", 5),
    ("sales-report", "Sales report", "Query the data, chart it, and write the summary", 4),
    ("launch", "Launch", "Posts for every channel from one brief", 7),
)
YAML = "name: blog-post\ntitle: Blog post\nparameters:\n  - name: topic\n    question: What is it about?\ntasks:\n  - key: research\n    type: research\n    instruction: Find three good sources about {{topic}}.\n"


def document() -> Answer:
    """A template as the builder holds it."""
    tasks = [
        {"key": "research", "title": "Research the topic", "type": "research", "agent": "gemini", "instruction": "Find three good sources about {{topic}}.", "inputs": [], "after": []},
        {"key": "save", "title": "Save the draft", "type": "files.write", "agent": None, "instruction": "", "inputs": [{"name": "path", "value": "blog/draft.md", "from_task": None}, {"name": "text", "value": None, "from_task": "research"}], "after": []},
    ]
    return {"name": "blog-post", "title": "Blog post", "description": "Research, draft and save", "plan_title": "Blog post", "phrases": [], "parameters": {"type": "object", "properties": {"topic": {"description": "What it is about", "default": None}}, "required": ["topic"]}, "tasks": tasks}


def template(name: str, title: str, description: str, tasks: int) -> Answer:
    """A template with two blanks."""
    parameters = [{"name": "topic", "question": "What is it about?", "type": "text", "default": None, "choices": []}, {"name": "audience", "question": "Who reads it?", "type": "text", "default": "developers", "choices": ["developers", "managers"]}]
    return {"name": name, "title": title, "description": description, "source": "shipped", "parameters": parameters, "tasks": tasks}


def audit(now: datetime) -> list[Answer]:
    """Who did what."""
    acts = (("ana", "plan.approved", 4), ("bo", "request.made", 9), ("kim", "budget.set", 60), ("ana", "run.paused", 90), ("worker", "run.finished", 200), ("bo", "rule.taught", 900))
    return [
        {"seq": 1200 - number, "project": "prj_m", "project_name": "marketing", "actor": f"slack:T:{actor}", "actor_name": actor, "action": action, "object": HASH, "ids": {"role": "approver", "door": "slack"}, "at": ago(now, minutes=minutes), "hash": "ab" * 32} for number, (actor, action, minutes) in enumerate(acts)
    ]


def messages(now: datetime) -> list[Answer]:
    """A conversation up to its plan."""

    def section(text: str, part: str = "text", **more: Any) -> Answer:
        return {"text": text, "full": "", "part": part, "facts": [], "grid": None, "buttons": []} | more

    def message(key: str, by: str, text: str, minutes: float, sections: list[Answer], tone: str = "plain") -> Answer:
        return {"id": key, "by": by, "author": "ana" if by == "me" else "Orchestra", "at": ago(now, minutes=minutes), "text": text, "tone": tone, "version": 1, "sections": sections, "reactions": [], "files": []}

    def button(label: str, style: str = "plain", asks: str = "") -> Answer:
        return {"action": f"press:{label}", "label": label, "style": style, "asks": asks}

    grid = {"lead": "", "columns": ["Task", "Agent", "Why"], "rows": [["Research", "Gemini", "0.86 on 41 research tasks here"], ["Draft", "ChatGPT", "you asked for it"], ["Review", "Claude", "you asked for it"], ["Publish", "Files", "writes blog/ai-orchestration.md"]], "numbers": [], "notes": ""}
    return [
        message("m:1", "me", "Write a blog post about AI orchestration, have ChatGPT draft it, then Claude review for tone, publish to /blog/", 9, []),
        message("q1", "bot", "", 8, [section("**Two things before I plan:**", "headline"), section("1. Who reads it?", buttons=[button("developers"), button("managers"), button("other…", asks="Who reads it?")]), section("2. Publish now, or leave a draft?", buttons=[button("draft"), button("publish")])], "closed"),
        message("m:2", "me", "developers, publish", 7, []),
        message(
            "p1",
            "bot",
            "",
            6,
            [
                section("**Plan “Blog post: AI orchestration”** `7f3a90c1`", "headline"),
                section("", "facts", facts=[{"name": "Cost", "value": "$0.11–0.24"}, {"name": "Time", "value": "3–6 min"}, {"name": "Effects", "value": "publishes 1 file"}]),
                section("", "tasks", grid=grid),
                section("Needs one approver: bo or kim.", "votes", buttons=[button("✅ Run", "primary"), button("🧪 Dry run"), button("❌ Drop", "danger")]),
            ],
            "waiting",
        ),
    ]


SCENES = {"full": full, "empty": empty, "crowded": crowded}


def moment() -> datetime:
    """Now: pages tell how long ago things were."""
    return datetime.now(UTC)
