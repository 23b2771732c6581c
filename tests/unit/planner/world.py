"""What a planner is shown in tests: the built-in tools, some model agents, and files on disk."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from executor.data import file_shapes
from executor.egress.files import ProjectFiles
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue, EffectClass, Parameter
from memory.model.base import AgentName, ProjectId, RequestId
from memory.model.identity import Identity
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Plan
from memory.model.work.value import FileInfo
from planner.port import PlanRequest

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = Identity(platform="console", workspace="local", user_id="ana", display="ana")
KIM = Identity(platform="console", workspace="local", user_id="U7", display="kim")


def par(name: str, type_: str, slot: str = "control", **more: Any) -> Parameter:
    fields = {"name": name, "description": name, "type": type_, "slot": slot}
    return Parameter.model_validate({**fields, **more})


def tool(name: str, *parameters: Parameter, **more: Any) -> AgentSpec:
    fields = {"name": name, "kind": AgentKind.TOOL, "title": name, "description": f"{name}."}
    return AgentSpec.model_validate(
        {**fields, "task_types": (name,), "parameters": parameters, **more}
    )


WRITE, PUBLISH = EffectClass.WRITE, EffectClass.PUBLISH
TOOLS = (
    tool("files.read", par("path", "path")),
    tool("files.write", par("path", "path"), par("content", "text", "content"), effect=WRITE,
         output="file"),
    tool("files.publish", par("path", "path"), par("content", "text", "content"), effect=PUBLISH,
         output="file"),
    tool("web.fetch", par("url", "url")),
    tool("data.query", par("sources", "list"), par("sql", "text"),
         par("about", "json", required=False), output="table"),
    tool("data.chart", par("table", "table", "content"),
         par("kind", "text", choices=("bar", "line", "pie", "scatter", "auto"), default="auto"),
         par("x", "text", required=False), par("y", "text", required=False),
         par("title", "text", required=False), par("path", "path"), effect=WRITE, output="file"),
    tool("text.summarise", par("text", "text", "content"), par("sentences", "number", default=5)),
    tool("report.write", par("path", "path"), par("title", "text"),
         par("parts", "list", "content"), effect=WRITE, output="file"),
    tool("report.render", par("markdown", "text", "content"),
         par("format", "text", choices=("html", "pdf")), par("path", "path"),
         par("title", "text", required=False), effect=WRITE, output="file"),
)  # fmt: skip
PERSON = AgentSpec(
    name=AgentName("person"), kind=AgentKind.HUMAN, title="Person", description="Asks somebody.",
    task_types=("ask", "approve", "review"),
    parameters=(par("who", "json"), par("question", "text", "content"),
                par("context", "list", "content", required=False)),
)  # fmt: skip
MODEL_TYPES = (
    "research",
    "draft",
    "review",
    "summarise",
    "translate",
    "analyse",
    "code",
    "general",
)


def model_agent(name: str, title: str, price: str, **more: Any) -> AgentSpec:
    fields = {"name": name, "kind": AgentKind.MODEL, "title": title, "description": f"{title}."}
    context = par("context", "list", "content", required=False)
    return AgentSpec.model_validate(
        {**fields, "task_types": MODEL_TYPES, "parameters": (context,), "local": False,
         "price_model": price, **more}
    )  # fmt: skip


CHATGPT = model_agent("chatgpt", "ChatGPT", "gpt-6.1-terra", aliases=("gpt",), provider="openai")
CLAUDE = model_agent("claude", "Claude", "claude-sonnet-5-5", provider="anthropic")
GEMINI = model_agent("gemini", "Gemini", "gemini-3.8-flash", provider="google")
OFFLINE = Catalogue(agents=(*TOOLS, PERSON))
ALL = Catalogue(agents=(*TOOLS, PERSON, CHATGPT, CLAUDE, GEMINI))

SALES = """date,region,product,Customer Name,units,revenue,unit_price
2024-01-15,North,Lamp,Acme,10,1000.50,100.05
2024-02-20,South,Desk,Globex,5,2500.00,500.00
2024-04-03,North,Desk,Acme,2,1000.00,500.00
2024-07-11,East,Lamp,Initech,30,3000.00,100.00
2024-08-30,South,Chair,Globex,12,600.00,50.00
2025-01-09,East,Chair,Initech,150,7500.00,50.00
2025-02-14,North,Lamp,Umbrella,1,100.00,100.00
"""
STAFF = 'name,dept,salary,"odd ""col"""\nBo,IT,100,1\nCy,HR,200,2\nDi,IT,300,3\n'
OTHER = '[{"city":"Rome","amount":3,"net":1},{"city":"Oslo","amount":5,"net":2}]'


def folder(root: Path) -> Path:
    (root / "data").mkdir(parents=True)
    (root / "sales.csv").write_text(SALES)
    (root / "data" / "staff.csv").write_text(STAFF)
    (root / "cities.json").write_text(OTHER)
    (root / "notes.md").write_text("# Notes\n\nIt rained. It was cold. We sold umbrellas.\n")
    return root


def describe(root: Path, *paths: str) -> tuple[FileInfo, ...]:
    return tuple(file_shapes.describe(ProjectFiles(root), path) for path in paths)


def ask(text: str, files: tuple[FileInfo, ...] = (), **more: Any) -> PlanRequest:
    fields: dict[str, Any] = {
        "project": ProjectId("p1"), "request": RequestId("req_1"), "text": text, "author": ANA,
        "people": (KIM,), "files": files, "catalogue": OFFLINE, "now": NOW,
    }  # fmt: skip
    return PlanRequest(**{**fields, **more})


def run_sql(root: Path, source: str, sql: str) -> list[tuple[Any, ...]]:
    """The query's rows, its source a view named as data.query names it."""
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE VIEW \"{Path(source).stem}\" AS SELECT * FROM '{root / source}'"
        )
        return connection.sql(sql).fetchall()


def shape(graph: TaskGraph) -> str:
    """`table(data.query) → chart(data.chart ← table)`, for comparing."""
    return " | ".join(
        f"{task.type}" + (f"<-{','.join(task.needs())}" if task.needs() else "")
        for task in graph.tasks
    )


def plan_of(graph: TaskGraph, title: str = "A plan") -> Plan:
    from memory.model.work.plan import Estimate

    return Plan(
        project=ProjectId("p1"), request=RequestId("req_0"), title=title, graph=graph,
        estimate=Estimate(cost_low_micro_usd=0, cost_high_micro_usd=0, seconds_low=0, seconds_high=1),
        author="offline planner", created_at=NOW.isoformat(), expires_at=NOW.isoformat(),
    )  # fmt: skip
