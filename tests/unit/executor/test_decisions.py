"""The pure parts: order, retries, breakers, screening, periods; for whatever comes."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executor.policy import (
    breaker,
    retry,
    scheduling,
    screening,
)
from memory.model.agents.breaker import Breaker, BreakerState
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName, TaskKey, canonical_json
from memory.model.budget import Budget, BudgetState, Period
from memory.model.errors import AgentMisbehaved
from memory.model.limits import OUTPUT_BYTES, SENTENCES
from memory.model.timing.periods import forecast, period_end, period_start
from memory.model.work.graph import TaskGraph
from memory.model.work.run import Failed, RunState, TaskState
from memory.model.work.value import File, Json, Label, Table, Text, Value
from tests.unit.executor.world import PROJECT, task

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
A, B, C = AgentName("a"), AgentName("b"), AgentName("c")


@st.composite
def graphs(draw: st.DrawFn) -> TaskGraph:
    size = draw(st.integers(1, 12))
    tasks = []
    for n in range(size):
        needs = draw(st.sets(st.integers(0, n - 1), max_size=3)) if n else set()
        tasks.append(task(f"t{n}", *[f"t{need}" for need in sorted(needs)]))
    return TaskGraph(tasks=tuple(tasks))


@given(graphs(), st.randoms(use_true_random=False), st.floats(0, 0.5))
def test_any_graph_ends_in_order_whatever_fails(
    graph: TaskGraph, rng: random.Random, failing: float
) -> None:
    states = {entry.key: TaskState.WAITING for entry in graph.tasks}
    while scheduling.verdict(states) is None:
        states |= dict.fromkeys(scheduling.doomed(graph, states), TaskState.CANCELLED)
        states |= dict.fromkeys(scheduling.newly_ready(graph, states), TaskState.READY)
        ready = [key for key, state in states.items() if state is TaskState.READY]
        if not ready:
            assert scheduling.verdict(states) is not None
            break
        key = rng.choice(ready)
        assert all(states[need] is TaskState.SUCCEEDED for need in graph.task(key).needs())
        states[key] = TaskState.FAILED if rng.random() < failing else TaskState.SUCCEEDED
    ended = scheduling.verdict(states)
    failed = TaskState.FAILED in states.values()
    assert ended is (RunState.FAILED if failed else RunState.SUCCEEDED)
    for entry in graph.tasks:
        if states[entry.key] is TaskState.CANCELLED:
            assert any(states[need] is not TaskState.SUCCEEDED for need in entry.needs())


@given(st.integers(0, 100), st.integers(0, 100))
def test_no_more_is_started_than_there_is_room(ready: int, busy: int) -> None:
    keys = [TaskKey(f"t{n}") for n in range(ready)]
    graph = TaskGraph(tasks=tuple(task(key) for key in keys) or (task("none"),))
    chosen = scheduling.startable(graph, keys, under_way=busy, limit=64)
    assert list(chosen) == keys[: len(chosen)]
    assert len(chosen) == min(ready, max(0, 64 - busy))


@given(st.integers(1, 60), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 500))
def test_a_delay_grows_stays_under_its_cap_and_honours_the_agent(
    failures: int, drawn: float, asked: float | None
) -> None:
    class Drawn:
        def random(self) -> float:
            return drawn

    policy = retry.RetryPolicy(base_s=1, cap_s=60)
    delay = retry.delay_s(failures, asked, policy, Drawn())
    assert delay >= (asked or 0)
    assert delay <= max(min(60, 2 ** (failures - 1)), asked or 0)


def _failed(code: str = "unavailable", *, retryable: bool = True) -> Failed:
    return Failed(code=code, text="no", retryable=retryable)


def _after(
    failed: Failed,
    failures: list[AgentName],
    able: list[AgentName],
    *,
    policy: retry.RetryPolicy | None = None,
    safe: bool = True,
    waited_s: float = 0.0,
    outages: int = 0,
) -> object:
    policy = policy or retry.RetryPolicy()
    rng = random.Random(1)
    return retry.after_failure(
        failed,
        failures,
        able,
        policy,
        safe=safe,
        random=rng,
        waited_s=waited_s,
        outages=outages,
    )


def test_an_agent_gets_two_attempts_then_the_next_in_rank() -> None:
    first = _after(_failed(), [A], [A, B, C])
    assert isinstance(first, retry.Again)
    assert first.agent == A
    assert _after(_failed(), [A, A], [A, B, C]) == retry.Again(B, 0.0)
    assert _after(_failed(), [A, A, B], [A, B, C]) != retry.GiveUp()
    assert _after(_failed(), [A, A, B, B], [A, B, C]) == retry.GiveUp()


PATIENT = retry.RetryPolicy(patience_s=600)


@pytest.mark.parametrize("code", ["unavailable", "rate_limited"])
def test_where_nobody_can_be_reached_the_task_waits_for_somebody_to_come_back(code: str) -> None:
    four = [A, A, B, B]
    assert _after(_failed(code), four, [A, B], policy=PATIENT, waited_s=20) == retry.Wait(A, 20)
    assert _after(_failed(code), [*four, A], [A, B], policy=PATIENT, waited_s=99) == (
        retry.Wait(B, 60)
    )
    assert _after(_failed(code), four, [A, B], policy=PATIENT, waited_s=601) == retry.GiveUp()
    assert _after(_failed(code), four, [A, B], waited_s=1) == retry.GiveUp()


def test_an_outage_uses_up_no_attempt_while_it_is_waited_out() -> None:
    five = [A, A, B, B, B]
    mixed = _after(_failed("timeout"), five, [A, B], policy=PATIENT, waited_s=9, outages=2)
    assert isinstance(mixed, retry.Again)
    for outages, waited_s in ((1, 9), (2, 601)):
        done = _after(
            _failed("timeout"), five, [A, B], policy=PATIENT, waited_s=waited_s, outages=outages
        )
        assert done == retry.GiveUp()


def test_nobody_waits_for_what_waiting_does_not_mend() -> None:
    for code in ("timeout", "invalid_output", "internal", "crashed"):
        four = [A, A, B, B]
        assert _after(_failed(code), four, [A, B], policy=PATIENT, waited_s=1) == retry.GiveUp()
    unsafe = _after(_failed(), [A, A, A, A], [A], policy=PATIENT, waited_s=1, safe=False)
    assert unsafe == retry.GiveUp()


def test_a_refusal_goes_on_to_somebody_else_or_ends() -> None:
    refused = _failed("rejected", retryable=False)
    assert _after(refused, [A], [A, B]) == retry.Again(B, 0.0)
    assert _after(refused, [A], [A]) == retry.GiveUp()


@pytest.mark.parametrize("code", ["bad_input", "not_allowed", "unknown_effect"])
def test_what_lies_in_the_task_is_not_tried_again(code: str) -> None:
    assert _after(_failed(code, retryable=False), [A], [A, B]) == retry.GiveUp()


def test_what_may_have_happened_and_cannot_be_repeated_is_not_repeated() -> None:
    assert _after(_failed("timeout"), [A], [A, B], safe=False) == retry.GiveUp()
    refused = _failed("rejected", retryable=False)
    assert _after(refused, [A], [A, B], safe=False) == retry.Again(B, 0.0)


@given(st.lists(st.sampled_from(["ok", "unavailable", "bad_input", "wait"]), max_size=60))
def test_a_breaker_opens_after_a_row_of_failures_and_lets_one_probe_through(
    story: list[str],
) -> None:
    policy = breaker.BreakerPolicy(threshold=3, cool_down_s=30)
    now, state, row = NOW, Breaker(agent="a", credential=""), 0
    for step in story:
        now += timedelta(seconds=31 if step == "wait" else 1)
        verdict = breaker.admit(state, now, policy)
        if isinstance(verdict, breaker.Resting):
            assert state.state is not BreakerState.CLOSED
            assert 0 < verdict.for_s <= 30
            continue
        state = verdict.breaker
        if state.state is BreakerState.HALF_OPEN:
            assert isinstance(breaker.admit(state, now, policy), breaker.Resting)
        if step == "ok":
            state, row = breaker.after_success(state), 0
        elif step == "unavailable":
            state, row = breaker.after_failure(state, step, now, policy), row + 1
            assert (state.state is BreakerState.OPEN) == (row >= 3)
        else:
            assert breaker.after_failure(state, step, now, policy) == state


def _spec(output: str) -> AgentSpec:
    return AgentSpec(
        name=A, kind=AgentKind.TOOL, title="A", description="", task_types=("t",),
        output=output,  # type: ignore[arg-type]
    )  # fmt: skip


PICTURE = File(path="a.png", digest="0" * 64, media_type="image/png", size=OUTPUT_BYTES * 2)


@pytest.mark.parametrize(
    ("value", "output", "why"),
    [
        (Text(text="x"), "table", "a text instead of a table"),
        (PICTURE, "text", "a file instead of a text"),
        (Text(text=" \n "), "text", "an empty text"),
        (Json(value="x" * OUTPUT_BYTES), "json", "more than 1 MB"),
        (Json(value=float("nan")), "json", "numbers that JSON"),
        (
            Table(columns=("a",), rows=((float("inf"),),), total_rows=1),
            "table",
            "numbers that JSON",
        ),
        (Table(columns=("a",), rows=((1,), (1, 2)), total_rows=2), "table", "fit their columns"),
        (Table(columns=("a", "b"), rows=((1,),), total_rows=1), "table", "fit their columns"),
    ],
)
def test_what_an_agent_must_not_give_back_is_refused(value: Value, output: str, why: str) -> None:
    with pytest.raises(AgentMisbehaved, match=why):
        screening.screened(value, _spec(output))


def _bytes(value: Value) -> int:
    return len(canonical_json(value.model_dump(mode="json")))


EMPTY_JSON = _bytes(Json(value=""))
ONE_ROW = Table(columns=("a",), rows=(("",),), total_rows=1)


@pytest.mark.parametrize(
    ("value", "output"),
    [
        (Text(text="x"), "text"),
        (Text(text="x" * OUTPUT_BYTES), "text"),
        (Text(text="ä" * (OUTPUT_BYTES // 2)), "text"),
        (Json(value=None), "json"),
        (Json(value="x" * (OUTPUT_BYTES - EMPTY_JSON)), "json"),
        (Table(columns=("a",), rows=(), total_rows=0), "table"),
        (
            ONE_ROW.model_copy(update={"rows": (("x" * (OUTPUT_BYTES - _bytes(ONE_ROW)),),)}),
            "table",
        ),
        (PICTURE, "file"),
    ],
    ids=[
        "text",
        "1 MB",
        "1 MB of umlauts",
        "null",
        "1 MB of JSON",
        "no rows",
        "1 MB of rows",
        "file",
    ],
)
def test_what_just_fits_is_kept_as_it_came(value: Value, output: str) -> None:
    assert screening.screened(value, _spec(output)) is value


@pytest.mark.parametrize(
    ("value", "output"),
    [
        (Text(text="x", label=Label.TRUSTED), "text"),
        (Json(value=1, label=Label.TRUSTED), "json"),
        (Table(columns=("a",), rows=((1,),), total_rows=1, label=Label.TRUSTED), "table"),
    ],
)
def test_nothing_an_agent_gives_is_trusted_whatever_it_says(value: Value, output: str) -> None:
    assert screening.screened(value, _spec(output)).label is Label.UNTRUSTED


def test_one_byte_more_than_what_is_kept_is_cut_or_refused() -> None:
    text = screening.screened(Text(text="x" * (OUTPUT_BYTES + 1)), _spec("text"))
    assert isinstance(text, Text)
    assert text.text == f"{'x' * OUTPUT_BYTES}\n\n{SENTENCES['output_bytes']}"
    with pytest.raises(AgentMisbehaved):
        screening.screened(Json(value="x" * (OUTPUT_BYTES - EMPTY_JSON + 1)), _spec("json"))
    rows = (("x" * (OUTPUT_BYTES - _bytes(ONE_ROW) + 1),),)
    table = screening.screened(ONE_ROW.model_copy(update={"rows": rows}), _spec("table"))
    assert table == ONE_ROW.model_copy(update={"rows": ()})
    wide = Table(columns=("x" * OUTPUT_BYTES,), rows=((1,),), total_rows=1)
    assert screening.screened(wide, _spec("table")) == wide.model_copy(update={"rows": ()})


def test_what_is_too_long_is_cut_and_says_so() -> None:
    text = screening.screened(Text(text="ä" * OUTPUT_BYTES, label=Label.TRUSTED), _spec("text"))
    assert isinstance(text, Text)
    assert text.label is Label.UNTRUSTED
    assert text.text == f"{'ä' * (OUTPUT_BYTES // 2)}\n\n{SENTENCES['output_bytes']}"
    half = screening.screened(Text(text="x" + "ä" * OUTPUT_BYTES), _spec("text"))
    assert isinstance(half, Text)
    assert half.text.startswith("xä")
    assert "\ufffd" not in half.text  # no half of a letter is left


def test_a_table_that_is_too_long_loses_its_last_rows_and_says_how_many_there_were() -> None:
    rows = tuple((f"{n:04}" + "x" * 996,) for n in range(3000))
    long = Table(columns=("a",), rows=rows, total_rows=3000)
    table = screening.screened(long, _spec("table"))
    assert isinstance(table, Table)
    assert table.rows == rows[:750]
    assert table.total_rows == 3000


@given(
    st.sampled_from([Period.DAY, Period.WEEK, Period.MONTH]),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_moment_lies_in_its_period_and_periods_touch(
    period: Period, zone: str, now: datetime
) -> None:
    start, end = period_start(period, zone, now), period_end(period, zone, now)
    assert end is not None
    assert start <= now < end
    assert period_start(period, zone, end) == end
    assert period_start(period, zone, end - timedelta(seconds=1)) == start


def _state(spent: int, *, period: Period = Period.MONTH) -> BudgetState:
    budget = Budget(id="b", project=PROJECT, name="b", limit_micro_usd=1_000, period=period)
    return BudgetState(
        budget=budget, period_start=period_start(period, "UTC", NOW), spent_micro_usd=spent
    )


def test_the_day_the_money_ends_follows_the_pace() -> None:
    assert forecast(_state(0), NOW) is None
    assert forecast(_state(500), NOW) is None  # 17.5 days for a half: it lasts the month
    assert forecast(_state(750), NOW) == datetime(2026, 3, 24).date()  # noqa: DTZ001
    assert forecast(_state(1_000), NOW) == NOW.date()
    assert forecast(_state(750, period=Period.TOTAL), NOW) is None
