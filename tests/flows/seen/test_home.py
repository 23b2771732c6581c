"""Home: what concerns a person, for them alone, with buttons that do what those in the threads do."""

from pathlib import Path

from memory.model.identity import Identity
from memory.store.engine.database import Database
from memory.store.knowledge import projects
from tests.conftest import SetClock
from tests.fakes.discord.harness import DiscordHarness, discord_bench
from tests.fakes.discord.rules import buttons, said
from tests.fakes.discord.world import Payload
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.harness import SlackHarness, slack_bench
from tests.flows.bench import bench


async def _opened(harness: SlackHarness, who: str) -> str:
    user = harness.workspace.user(who)
    harness.workspace.open_home(user)
    await harness.workspace.settled()
    return harness.workspace.home(user)


async def _panel(harness: DiscordHarness, who: str) -> Payload:
    asked = harness.server.slash(who, "home")
    await harness.server.wait_for(lambda: asked["response"])
    data: Payload = asked["response"]["data"]
    return data


async def test_a_plan_that_waits_is_run_from_home_which_then_shows_the_run(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        ana = harness.workspace.user("ana")
        await harness.say("ana", "write the report slow")
        shown = await _opened(harness, "ana")
        assert "Waiting for you" in shown
        assert "slow" in shown
        assert f"https://test.slack.com/archives/{harness.workspace.general.id}/p" in shown
        await harness.workspace.press_home(ana, "✅ Run")
        await harness._settled()
        assert harness.services.executor.starts == 1
        assert "is under way" in harness.heard()
        await harness.workspace.wait_for(
            lambda: "Nothing waits for you" in harness.workspace.home(ana)
        )
        await harness.workspace.press_home(ana, "Cancel")
        await harness._settled()
        await harness.workspace.wait_for(
            lambda: "Nothing is running" in harness.workspace.home(ana)
        )


async def test_a_press_twice_runs_it_once_and_an_old_home_does_nothing_new(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        ana = harness.workspace.user("ana")
        await harness.say("ana", "write the report")
        await _opened(harness, "ana")
        old = harness.workspace.state.homes[ana.id]
        await harness.workspace.press_home(ana, "✅ Run")
        harness.workspace.state.homes[ana.id] = old
        await harness.workspace.press_home(ana, "✅ Run")
        await harness._settled()
        assert harness.services.executor.starts == 1


async def test_who_may_not_approve_sees_that_others_do_and_cannot_by_an_old_home(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path, approvers=("bo",), owners=("kim",)) as harness:
        await harness.say("ana", "publish the page")
        bo, ana = (harness.workspace.user(name) for name in ("bo", "ana"))
        assert "1 more waits for others" in await _opened(harness, "ana")
        assert "✅ Run" not in str(harness.workspace.state.homes[ana.id])
        assert "publish" in await _opened(harness, "bo")
        harness.workspace.state.homes[ana.id] = harness.workspace.state.homes[bo.id]
        await harness.workspace.press_home(ana, "✅ Run")
        await harness._settled()
        assert harness.services.executor.starts == 0


async def test_nothing_of_a_project_that_somebody_is_not_in_is_shown_or_pressed(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the secret memo")
        ana, eve = (harness.workspace.user(name) for name in ("ana", "eve"))
        await _opened(harness, "ana")
        shown = await _opened(harness, "eve")
        assert "memo" not in shown
        assert "Say what you want done" in shown
        harness.workspace.state.homes[eve.id] = harness.workspace.state.homes[ana.id]
        for label in ("✅ Run", "❌ Drop"):
            await harness.workspace.press_home(eve, label)
        await harness._settled()
        assert harness.services.executor.starts == 0
        assert "Waiting for you" in await _opened(harness, "ana")
        async with sqlite.reading() as connection:
            known = Identity(platform="slack", workspace=ana_team(harness), user_id=eve.id)
            assert not await projects.projects_of(connection, known)


def ana_team(harness: SlackHarness) -> str:
    return str(harness.workspace._interaction("", harness.workspace.user("ana"))["team"]["id"])


async def test_details_and_fields_open_from_home(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        ana = harness.workspace.user("ana")
        await harness.say("ana", "tell it to be short")
        await _opened(harness, "ana")
        view = await harness.workspace.press_home(ana, "Details")
        assert view is not None
        assert "tell it to be short" in str(view.content["blocks"])
        field = await harness.workspace.press_home(ana, "✏️ Change")
        assert field is not None
        harness._begin()
        await harness.workspace.submit(field, "use claude")
        await harness._settled()
        assert "Plan" in harness.heard()


async def test_a_home_that_slack_refuses_is_drawn_at_the_next_look(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        harness.workspace.faults.plan("views.publish", Fault(error="internal_error"))
        assert await _opened(harness, "ana") == ""
        assert "How to begin" not in await _opened(harness, "bo")
        assert "Say what you want done" in await _opened(harness, "ana")


async def test_the_messages_tab_is_no_home_and_opening_it_often_draws_it_once(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with slack_bench(sqlite, clock, tmp_path) as harness:
        ana = harness.workspace.user("ana")
        harness.workspace.open_home(ana, tab="messages")
        await harness.workspace.settled()
        assert harness.workspace.home(ana) == ""
        for _ in range(20):
            harness.workspace.open_home(ana)
        await harness.workspace.settled()
        assert harness.workspace.calls.count("views.publish") == 1


async def test_on_discord_it_is_a_panel_for_one_person_that_stays_true(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with discord_bench(sqlite, clock, tmp_path) as harness:
        await harness.say("ana", "write the report")
        panel = await _panel(harness, "ana")
        assert panel["flags"] & 64
        assert "Waiting for you" in said(panel | {"content": ""})
        run = next(one for one in buttons(panel) if one["label"] == "✅ Run")
        press = harness.server._interact(
            "ana", harness.server.room("general"), 3,
            {"component_type": 2, "custom_id": run["custom_id"]}, None,
        )  # fmt: skip
        await harness.server.wait_for(lambda: (press["response"] or {}).get("data"))
        await harness._settled()
        assert harness.services.executor.starts == 1
        assert "Nothing waits for you" in said(press["response"]["data"] | {"content": ""})
        assert harness.messages()  # the plan's own message tells it, too
        stranger = await _panel(harness, "eve")
        assert "report" not in said(stranger | {"content": ""}).casefold().split("say what")[0]


async def test_the_word_home_shows_this_projects_and_at_a_terminal_all(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as talk:
        await talk.say("ana", "write the report")
        await talk.say("ana", "home")
        assert "Waiting for you" in talk.heard()
        await talk.press("ana", "✅ Run")
        assert talk.services.executor.starts == 1
