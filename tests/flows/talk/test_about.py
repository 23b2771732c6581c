"""The bot answers about itself in the chat from its own rows, and says so where there are none."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from memory.model.agents.routing import Choice, Considered
from memory.model.base import AgentName, ProjectId
from memory.model.work.run import Usage
from memory.store.engine.database import Database
from memory.store.knowledge import learning
from memory.store.knowledge.learning import Ended
from memory.store.money import ledger
from memory.store.money.ledger import Account
from memory.store.running import artifacts
from memory.store.tables import audit, runs
from tests.conftest import SetClock
from tests.flows.bench import Talk, person
from tests.flows.talk.test_teaching import WithModels

TEST = ProjectId("test")


async def paid(
    database: Database,
    agent: str,
    who: str,
    dollars: float | None,
    at: datetime,
    kind: str = "draft",
    run: str = "r1",
) -> None:
    """One attempt in the ledger, and on record as this type of work."""
    attempt = f"{agent}:{who}:{dollars}:{at}:{kind}"
    cost = None if dollars is None else round(dollars * 1_000_000)
    account = Account(TEST, attempt, run, "t1", agent, person(who).key)
    async with database.transaction() as tx:
        await ledger.settle(
            tx, account, Usage(cost_micro_usd=cost, tokens_in=1), reserved_micro_usd=1, at=at
        )
        await learning.record(tx, _ended(attempt, agent, kind, at, good=True))


async def worked(
    database: Database, agent: str, kind: str, good: int, bad: int, at: datetime
) -> None:
    async with database.transaction() as tx:
        for number in range(good + bad):
            name = f"{agent}:{kind}:{number}"
            await learning.record(tx, _ended(name, agent, kind, at, good=number < good))


def _ended(attempt: str, agent: str, kind: str, at: datetime, *, good: bool) -> Ended:
    return Ended(
        project=TEST,
        attempt=attempt,
        run="r1",
        agent=agent,
        task_type=kind,
        text="x",
        succeeded=good,
        cost_micro_usd=100,
        latency_ms=1000,
        at=at,
    )  # type: ignore[arg-type]  # a run's id is a str


async def test_what_work_cost_is_told_by_agent_person_day_and_type(
    database: Database, clock: SetClock, talk_on_both: Talk
) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        for who in ("ana", "kim"):
            await ready.say(who, "@orchestra help")
        now = clock.now()
        await paid(database, "claude", "ana", 0.80, now)
        await paid(database, "claude", "kim", 0.20, now, "review")
        await paid(database, "gemini", "kim", 2.50, now - timedelta(days=1))
        await paid(database, "gemini", "kim", None, now)
        await ready.say("ana", "what did it cost today")
        assert "**$1.00** on 2 March, on 3 attempts" in ready.heard()
        assert "- ▓▓▓▓▓▓▓▓ claude: $1.00 (2 attempts)" in ready.heard()
        assert "1 attempt whose price isn't known" in ready.heard()
        await ready.say("ana", "what did it cost yesterday")
        assert "**$2.50** on 1 March, on 1 attempt" in ready.heard()
        await ready.say("ana", "who spent most")
        assert ready.heard().index("▓ kim: $2.70") < ready.heard().index("- ▓▓░░░░░░ ana: $0.80")
        await ready.say("ana", "what did it cost by person as csv")
        (file,) = ready.platform.messages[-1].out.files
        async with database.reading() as connection:
            table = await artifacts.get(connection, TEST, file.digest)
        assert table.decode().splitlines() == [
            "person,usd,attempts", "kim,2.700000,3", "ana,0.800000,1",
        ]  # fmt: skip


async def test_what_work_cost_is_told_by_template_and_schedule_and_for_a_finished_run(
    database: Database, clock: SetClock, talk_on_both: Talk
) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await ready.say("ana", "@orchestra help")
        now = clock.now()
        await ended(database, "r2", now, template="blog-post", schedule="s1")
        await ended(database, "r3", now, template="newsletter")
        await paid(database, "claude", "ana", 0.80, now, run="r2")
        await paid(database, "gemini", "ana", 0.20, now, run="r2")
        await paid(database, "claude", "ana", 2.50, now, run="r3")
        await paid(database, "claude", "ana", 0.10, now)
        await ready.say("ana", "what did it cost by template")
        assert ready.heard().splitlines()[-4:] == [
            "- ▓▓▓▓▓▓▓▓ newsletter: $2.50 (1 attempt)",
            "- ▓▓▓░░░░░ blog-post: $1.00 (2 attempts)",
            "- ░░░░░░░░ without a template: $0.10 (1 attempt)",
            "That's $1.80 for each of 2 finished runs.",
        ]
        await ready.say("ana", "what did it cost by schedule")
        assert ready.heard().splitlines()[-3:-1] == [
            "- ▓▓▓▓▓▓▓▓ without a schedule: $2.60 (2 attempts)",
            "- ▓▓▓░░░░░ s1: $1.00 (2 attempts)",
        ]


async def ended(
    database: Database, run: str, at: datetime, *, template: str, schedule: str = ""
) -> None:
    """A run that was made from the template, or by the schedule, and came to a good end."""
    row = {"id": run, "project_id": TEST, "plan_hash": run, "thread_key": "t", "state": "succeeded"}
    row |= {"started_by": person("ana").key, "schedule_id": schedule, "template": template}
    times = {"started_at": at, "finished_at": at}
    async with database.transaction() as tx:
        await tx.execute(sa.insert(runs).values(**row, **times, simulated=False, cost_micro_usd=0))


async def test_where_there_is_nothing_that_is_said_and_no_row_is_written(
    sqlite: Database, talk: Talk
) -> None:
    says = {
        "what did it cost yesterday": "Nothing was spent on 1 March",
        "forecast": "Nothing was spent this month yet",
        "what are you working on": "Nothing is running",
        "what is waiting": "Nothing is waiting",
        "what did we do today": "Nothing was run on 2 March",
        "why": "There's no plan in this thread",
        "why did it fail": "No run has failed here",
        "who is best at code": "nobody connected here does code work",
        "what do you know": "I know nothing about this project yet",
        "rules": "I don't remember anything for you",
    }
    async with talk(owners=("ana",)) as ready:
        for words, answer in says.items():
            await ready.say("ana", words)
            assert answer.casefold() in ready.heard().casefold(), words
            assert "Plan" not in ready.heard()
    async with sqlite.reading() as connection:
        assert (await connection.execute(sa.select(audit.c.action))).scalars().all() == []


async def test_the_months_forecast_says_how_it_is_reckoned(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "budget $50 a month")
        await paid(sqlite, "claude", "ana", 3.0, clock.now())
        await ready.say("ana", "will the budget last")
    assert "**$3.00** so far this month" in ready.heard()
    assert "a straight line through 1 day and 1 attempt" in ready.heard()
    assert "rough guess" in ready.heard()
    assert "$50" in ready.heard()


async def test_what_waits_for_whom_is_told_with_its_age_across_threads(
    clock: SetClock, talk: Talk
) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "write the report")
        clock.forward(hours=3)
        await ready.say("ana", "what is waiting for me")
        assert "**Waiting for you, or for anyone**" in ready.heard()
        assert "waits for approval, for 3 h" in ready.heard()
        await ready.say("ana", "drop")
        await ready.say("ana", "write a blog post")
        await ready.say("ana", "what is waiting")
        assert "Who reads it?" in ready.heard()


async def test_why_a_plan_is_as_it_is_names_each_tasks_agent_and_reason(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await ready.say("ana", "write the report")
        await ready.say("ana", "why this plan")
        assert "1. **think** · Files" in ready.heard()
        assert "drawn up by scripted planner" in ready.heard()


async def test_why_tells_the_numbers_of_the_choice_and_not_those_of_today(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    executor = WithModels(sqlite, clock, asked=person("kim"))
    coder = Considered(
        agent=AgentName("coder"), quality=0.812, evidence=9, samples=12, cost_micro_usd=40_000
    )
    writer = Considered(agent=AgentName("writer"), quality=0.664, evidence=0, samples=0)
    async with talk(owners=("ana",), executor=executor) as ready:
        ready.services.planner.choice = Choice(chosen=coder, over=(writer,))
        await ready.say("ana", "write the report")
        await worked(sqlite, "coder", "files.write", 1, 50, clock.now())
        await ready.say("ana", "why this plan")
        assert "- Coder: 0.81 expected, 12 tasks then, $0.04" in ready.heard()
        assert "- Writer: 0.66 expected, no history then" in ready.heard()


async def test_who_is_best_says_on_how_much_it_rests(
    database: Database, clock: SetClock, talk_on_both: Talk
) -> None:
    executor = WithModels(database, clock, asked=person("kim"))
    await worked(database, "writer", "draft", 18, 2, clock.now())
    await worked(database, "coder", "draft", 5, 15, clock.now())
    await worked(database, "coder", "code", 1, 0, clock.now())
    async with talk_on_both(owners=("ana",), executor=executor) as ready:
        await ready.say("ana", "who is best at drafts")
        assert "**Writer** is best at draft here" in ready.heard()
        assert "on 20 attempts · 18 gave a result" in ready.heard()
        assert "From 40 attempts in this project" in ready.heard()
        await ready.say("ana", "who is best at code")
        assert "That's little to go by: 1 attempt in all" in ready.heard()
        assert "Not tried at it yet: Writer" in ready.heard()
        await ready.say("ana", "who is best")
        assert "- draft: Writer" in ready.heard()


async def test_what_is_known_comes_with_who_said_it_and_when(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await ready.say("ana", "remember that our fiscal year starts in April")
        await ready.say("bo", "@orchestra remember that my cat is called Fritz")
        await ready.say("ana", "what do you know")
        assert "our fiscal year starts in April (told by ana, 2 March 2026)" in ready.heard()
        assert "Fritz" not in ready.heard()


async def test_what_may_happen_here_is_told_with_the_source_of_each_setting(talk: Talk) -> None:
    async with talk(owners=("ana",), quorum=2) as ready:
        await ready.say("ana", "settings")
        assert "you are owner here" in ready.heard()
        assert "`projects.test.quorum` = 2" in ready.heard()
        assert "(the default)" in ready.heard()
        await ready.say("ana", "make @vic viewer")
        await ready.say("vic", "@orchestra settings")
        assert "you are viewer here and may look on" in ready.heard()


@pytest.mark.parametrize("words", ["what can you do", "project"])
async def test_help_and_project_are_about_what_is_connected(words: str, talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", words)
    assert "No model is connected" in ready.heard()


async def test_an_agent_that_is_not_connected_gets_no_budget(sqlite: Database, talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "budget Grok $20 a day")
        assert "Grok isn't connected here" in ready.heard()
        await ready.say("ana", "budget")
        assert "No budget is set" in ready.heard()
        for words in ("Vergiss mein nicht, ein Gedicht", "don't forget the milk"):
            await ready.say("ana", words)
            assert "I don't remember anything" not in ready.heard()
    async with sqlite.reading() as connection:
        actions = (await connection.execute(sa.select(audit.c.action))).scalars().all()
    assert "budget.set" not in actions
