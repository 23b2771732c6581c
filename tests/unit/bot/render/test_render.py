"""What people read: texts as data, and nothing from outside that could forge."""

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import DETAILS, OutFile, Outgoing
from bot.language.catalogue import ENGLISH
from bot.language.words import (
    bar,
    code,
    duration,
    fit,
    listed,
    passage,
    span,
    untrusted,
    width,
    wrapped,
)
from bot.platforms.console.markup import message_lines
from bot.queries.budgets import Outlook
from bot.render.budgets import budget_alert, budget_report
from bot.render.errors import error_message, unexpected
from bot.render.help import help_message
from bot.render.plans.instructions import is_whole, plan_text
from bot.render.plans.message import closed_plan, plan_message
from bot.render.questions import Asked, closed_questions, person_question, questions_message
from bot.render.runs import completion, progress, status
from bot.render.values import value_text
from memory.model.agents.spec import EffectClass
from memory.model.budget import Budget, BudgetState
from memory.model.errors import BadInput
from memory.model.events import BudgetAlert
from memory.model.identity import Identity
from memory.model.work.graph import Const
from memory.model.work.plan import Estimate
from memory.model.work.run import RunState, TaskState
from memory.model.work.value import (
    File,
    Json,
    Table,
    Text,
)
from planner.port import Question
from tests.unit.bot.samples import START, plan, sales_plan, task, view, writes

EVIL = (
    "<@U1> <!channel> <#C1> @everyone @here [click](https://evil.example) `x` **bold** ```\n"
    "# title\n> quote\n1. item \x1b[31mred\x07 \u202eabc \x00"
)
FORGED = re.compile(r"<[@!#a-zA-Z/]|@everyone|@here|@channel|\]\(|[\x00-\x08\x0b-\x1f\x7f\u202e]")
PICTURE = OutFile(name="plan.png", digest="d" * 64, media_type="image/png", title="The plan")


def shown(out: Outgoing) -> str:
    return "\n".join(message_lines(out, styled=False, columns=100))


def test_a_plan_says_what_by_whom_what_it_changes_what_it_costs_and_who_may() -> None:
    drawn = sales_plan()
    out = plan_message(
        ENGLISH, drawn, needs="1 approver (bo or kim)", picture=None, remarks=("Offline.",)
    )
    assert (
        shown(out)
        == """\
Plan "Revenue by region"
Waiting for approval · 3 tasks · plan HASH

1. Total the revenue by region · data.query · the tool for tables
   ↳ reads sales.csv · SELECT region, SUM(revenue) AS revenue FROM sales GROUP BY region
2. Chart revenue by region · data.chart
   ↳ ⚠ writes reports/q3.png · after 1
3. Write the report · report.write
   ↳ ⚠ writes reports/q3.md · after 1 and 2

Assumed
- Revenue is the column revenue of sales.csv.

Offline.

✅ run · ✏️ change · 🧪 dry run · ❌ drop
Effects: ⚠ writes 2 files · Cost: $0 · Time: 2–4 s · Needs: 1 approver (bo or kim)""".replace(
            "HASH", drawn.short
        )
    )
    assert out.reactions == ("✅", "✏️", "🧪", "❌")
    assert [button.action for section in out.sections for button in section.buttons] == [
        f"{verb}:{drawn.hash}" for verb in ("approve", "change", "dryrun", "drop", "details")
    ]


def test_what_an_agent_is_told_is_quoted_and_where_it_is_long_given_in_full() -> None:
    short = plan(task("a", "Draft", instruction="Write about <@U1> bees.\nBe kind."))
    assert "↳ “Write about ‹@U1> bees. Be kind.”" in plan_message(
        ENGLISH, short, needs="", picture=None
    ).text.replace("\u2063", "")
    assert is_whole(short)
    asked = task("b", "Ask", inputs={"question": Const(value="Is it right?")})
    assert "“Is it right?”" in plan_message(ENGLISH, plan(asked), needs="", picture=None).text
    words = "x```y " + "word " * 300 + "last"
    long = plan(task("a", "Draft", instruction=words))
    assert not is_whole(long)
    assert words in plan_text(ENGLISH, long, {})
    assert long.hash in plan_text(ENGLISH, long, {})
    many = plan(*(task(f"t{n}", "T", instruction="Do.") for n in range(13)))
    assert not is_whole(many)
    assert plan_text(ENGLISH, many, {}).count("Do.") == 13


def test_a_closed_plan_can_be_pressed_no_more_and_keeps_its_picture() -> None:
    out = closed_plan(ENGLISH, sales_plan(), "Approved by bo.", picture=PICTURE)
    assert shown(out).startswith('Plan "Revenue by region"\nApproved by bo.\n')
    assert not out.reactions
    assert not any(section.buttons for section in out.sections)
    assert out.files[0].digest == PICTURE.digest


def test_the_picture_of_a_plan_comes_with_the_same_graph_in_characters() -> None:
    out = plan_message(ENGLISH, sales_plan(), needs="", picture=PICTURE)
    assert "Chart revenue by region" in out.files[0].alt
    assert "▶" in out.files[0].alt


def test_of_a_long_plan_every_change_is_shown() -> None:
    tasks = [task(f"t{i}", f"Read part {i}") for i in range(150)]
    changes = [task(f"w{i}", f"Save {i}", effects=writes(f"out/{i}.md")) for i in range(50)]
    out = plan_message(ENGLISH, plan(*tasks, *changes), needs="", picture=None)
    assert all(f"writes `out/{i}.md`" in out.text for i in range(50))
    assert "… and 120 more that change nothing: 120 × chatgpt" in out.text
    assert all(len(section.text) < 3000 for section in out.sections)


def test_an_agent_without_a_price_is_named_beside_the_range() -> None:
    estimate = Estimate(
        cost_low_micro_usd=0,
        cost_high_micro_usd=0,
        seconds_low=1,
        seconds_high=1,
        unpriced=("mylab",),
    )
    assert (
        "$0 + mylab (price not known)"
        in plan_message(
            ENGLISH, plan(task("a", "A"), estimate=estimate), needs="", picture=None
        ).text
    )


def test_publishing_and_commands_are_counted_by_their_own_words() -> None:
    drawn = plan(
        task("a", "A", effects=writes("x", effect=EffectClass.PUBLISH)),
        task("b", "B", effects=writes("make", effect=EffectClass.EXEC)),
    )
    assert (
        "publishes 1 file, runs 1 command"
        in plan_message(ENGLISH, drawn, needs="", picture=None).text
    )


def test_progress_shows_how_far_what_it_cost_and_what_happened() -> None:
    drawn = plan(task("a", "Draft"), task("b", "Review", "claude", after="a"))
    going = view(
        drawn,
        {"a": TaskState.SUCCEEDED, "b": TaskState.RUNNING},
        notes={"b": "Claude timed out, moved to Gemini"},
    )
    assert (
        shown(progress(ENGLISH, going, drawn))
        == """\
"Sales by region" is under way
▓▓▓▓░░░░ 1/2 · $0.09 of $0.24 · Review: Claude timed out, moved to Gemini

✓ 1 Draft · chatgpt
▶ 2 Review · claude · Claude timed out, moved to Gemini"""
    )


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        (RunState.RUNNING, ["pause:run_1", "cancel:run_1"]),
        (RunState.PAUSED, ["resume:run_1", "cancel:run_1"]),
        (RunState.SUCCEEDED, []),
    ],
)
def test_a_run_offers_what_can_be_done_with_it(state: RunState, actions: list[str]) -> None:
    drawn = plan(task("a", "A"))
    out = progress(ENGLISH, view(drawn, {}, state=state), drawn)
    offered = [button.action for section in out.sections for button in section.buttons]
    assert [action for action in offered if not action.startswith(DETAILS)] == actions


def test_an_end_compares_with_the_forecast_and_shows_table_and_files() -> None:
    drawn = sales_plan()
    table = Table(
        columns=("region", "revenue"), rows=(("North", 123456.5), ("South", 99)), total_rows=2
    )
    files = [
        File(path=f"reports/q3.{end}", digest="d" * 64, media_type="x/y", size=15_000)
        for end in ("png", "md")
    ]
    done = view(
        drawn,
        dict.fromkeys(("total", "chart", "report"), TaskState.SUCCEEDED),
        state=RunState.SUCCEEDED,
        values={"total": table, "chart": files[0], "report": files[1]},
    )
    out = completion(ENGLISH, done, drawn, (PICTURE,))
    assert (
        shown(out)
        == """\
"Revenue by region"
Done in 4 min 10 s, $0.09 (forecast $0)

Total the revenue by region
region     revenue
──────────────────
North   123,456.50
South           99

Files: reports/q3.png (15 KB), reports/q3.md (15 KB)

Was this good? 👍 / 👎"""
    )
    assert out.files == (PICTURE,)
    assert out.reactions == ("👍", "👎")


def test_a_failure_says_where_why_and_what_to_do() -> None:
    drawn = sales_plan()
    broken = view(
        drawn,
        {"total": TaskState.SUCCEEDED, "chart": TaskState.FAILED},
        state=RunState.FAILED,
        notes={"chart": "There is no column revenu; there are region and revenue."},
    )
    assert (
        "✗ 2 Chart revenue by region (data.chart): There is no column revenu; there are region "
        "and revenue.\n1 task succeeded; what it wrote is kept. Fix that and say "
        "`plan again`" in completion(ENGLISH, broken, drawn).text
    )


def test_a_dry_run_says_that_nothing_was_done_and_asks_for_no_opinion() -> None:
    drawn = sales_plan()
    out = completion(ENGLISH, view(drawn, {}, state=RunState.SUCCEEDED, simulated=True), drawn)
    assert "nothing was called or changed" in out.text
    assert not out.reactions


def test_status_without_runs_says_what_to_do() -> None:
    assert status(ENGLISH, ()).text == "Nothing is running here. Say what you want done."


def test_questions_are_numbered_with_options_and_default() -> None:
    asked = [
        Asked(
            "q1", Question(slot="a", text="Who reads it?", options=("devs", "all"), default="devs")
        ),
        Asked("q2", Question(slot="b", text="Publish?", options=(), default="draft"), answer="yes"),
    ]
    out = questions_message(ENGLISH, asked, request="req_1")
    assert (
        shown(out)
        == """\
Two things before I plan:

1. Who reads it?   (default: devs)
   1 [devs]  2 [all]  [other…] type it

2. Publish? — yes
   [Use the defaults] run"""
    )
    assert [button.action for section in out.sections for button in section.buttons] == [
        "answer:q1:0",
        "answer:q1:1",
        "answer:q1:other",
        "defaults:req_1",
    ]
    assert "1. Who reads it? — **devs**" in closed_questions(asked).text


def test_a_person_is_really_mentioned_only_by_us() -> None:
    kim = Identity(platform="slack", workspace="T", user_id="U7", display="kim")
    text = person_question(ENGLISH, "w1", f"Is it right? {EVIL}", who=kim, context=EVIL).text
    assert text.startswith("<@U7>, Is it right? ")
    assert not FORGED.search(text.removeprefix("<@U7>"))


MARKETING = BudgetState(
    budget=Budget(id="b1", project="p", name="marketing", limit_micro_usd=50_000_000),
    period_start=START,
    spent_micro_usd=37_500_000,
)


@pytest.mark.parametrize(
    ("percent", "paused", "ends", "text"),
    [
        (
            75,
            False,
            date(2026, 3, 24),
            "75% of $50 used this month. At this pace it runs out on the 24th.",
        ),
        (
            75,
            False,
            date(2026, 4, 2),
            "75% of $50 used this month. At this pace it runs out on 2 April.",
        ),
        (50, False, None, "50% of $50 used this month."),
        (100, True, None, "100% of $50 used this month. Its runs are paused until you raise it"),
        (100, False, None, "100% of $50 used this month. It's used up."),
    ],
)
def test_a_budget_alert_says_how_much_and_until_when(
    percent: int, paused: bool, ends: date | None, text: str
) -> None:
    alert = BudgetAlert(
        budget="b1",
        percent=percent,
        spent_micro_usd=37_500_000,
        limit_micro_usd=50_000_000,
        paused=paused,
    )
    assert (
        f'Budget "marketing"**: {text}'
        in budget_alert(ENGLISH, alert, Outlook(state=MARKETING, ends_on=ends)).text
    )


def test_an_alert_says_what_does_not_fit_on_whom_it_was_spent_and_calls_the_owners() -> None:
    state = MARKETING.model_copy(update={"spent_micro_usd": 49_000_000})
    alert = BudgetAlert(
        budget="b1", percent=100, spent_micro_usd=49_000_000, limit_micro_usd=50_000_000,
        paused=True, needed_micro_usd=1_400_000,
    )  # fmt: skip
    outlook = Outlook(state=state, by_agent=(("claude", 40_000_000), ("gemini", 9_000_000)))
    assert budget_alert(ENGLISH, alert, outlook, owners=["U7"]).text == (
        '**Budget "marketing"**: 98% of $50 used this month. The next task may need $1.40, which '
        "doesn't fit. Its runs are paused until you raise it or resume them. Most of it went to "
        "claude: $40.00. <@U7>"
    )


def test_a_report_says_what_it_comes_to_per_agent_and_that_it_is_paused() -> None:
    state = MARKETING.model_copy(update={"spent_micro_usd": 50_000_000})
    outlook = Outlook(
        state=state, projected_micro_usd=80_000_000, by_agent=(("claude", 50_000_000),)
    )
    first, second, third = budget_report(ENGLISH, [outlook]).text.splitlines()
    assert first.endswith("$50.00 of $50 this month · $0 left · projected $80.00")
    assert second == "- spent on: claude $50.00"
    assert third.startswith("- **PAUSED**: nothing that costs money begins.")


def test_a_budget_report_counts_what_is_promised_as_gone() -> None:
    state = MARKETING.model_copy(update={"reserved_micro_usd": 2_500_000})
    assert shown(budget_report(ENGLISH, [Outlook(state=state)])).replace("\n", " ") == (
        "▓▓▓▓▓▓░░ marketing 75% · $37.50 of $50 this month · $2.50 reserved for running tasks · "
        "$10.00 left"
    )
    assert "budget $50 a month" in budget_report(ENGLISH, ()).text


def test_help_names_the_words_that_work() -> None:
    assert "`status`" in help_message(ENGLISH, offline=False).text
    assert "OPENAI_API_KEY" in help_message(ENGLISH, offline=True).text


def test_errors_are_their_own_sentence() -> None:
    assert (
        error_message(ENGLISH, BadInput("There is no file <@U1>.")).text
        == "There is no file ‹@U1>."
    )
    assert "err_1" in unexpected(ENGLISH, "err_1").text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Text(text=""), "(an empty text)"),
        (Text(text="# Head\n**b** <@U1>"), "# Head\n**b** ‹@U1>"),
        (Text(text="```\nopen"), "```\nopen\n```"),
        (Table(columns=(), rows=(), total_rows=0), "(a table without columns)"),
        (Json(value={"a": 1}), '```\n{\n  "a": 1\n}\n```'),
        (Json(value="``` <b>"), '```\n"ˋˋˋ <b>"\n```'),
    ],
)
def test_a_value_is_shown_by_its_kind(value: Text | Table | Json, text: str) -> None:
    assert value_text(ENGLISH, value) == text


def test_a_long_table_says_how_much_is_left_out() -> None:
    table = Table(
        columns=tuple(f"c{i}" for i in range(20)),
        rows=tuple(tuple(range(20)) for _ in range(100)),
        total_rows=5000,
    )
    text = value_text(ENGLISH, table)
    assert "*5,000 rows in total, showing the first 12; 12 more columns*" in text
    assert len(text) < 3000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (0.4, "0.4 s"),
        (8, "8 s"),
        (59.9, "1 min"),
        (250, "4 min 10 s"),
        (3900, "1 h 5 min"),
        (7200, "2 h"),
        (183_600, "2 d 3 h"),
    ],
)
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(ENGLISH, seconds) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (180, 360, "3–6 min"),
        (2, 4, "2–4 s"),
        (0, 0, "up to 1 s"),
        (5, 5, "5 s"),
        (20, 90, "up to 2 min"),
    ],
)
def test_spans_have_one_unit(low: int, high: int, text: str) -> None:
    assert span(ENGLISH, low, high) == text


def test_lists_and_bars() -> None:
    assert listed(ENGLISH, "abc") == "a, b and c"
    assert listed(ENGLISH, "abcdefg") == "a, b, c and 4 more"
    assert listed(ENGLISH, ()) == ""
    assert bar(99, 100) == "▓▓▓▓▓▓▓░"
    assert bar(100, 100) == "▓" * 8
    assert bar(0, 0) == "▓" * 8


ANY = (
    st.text(max_size=300)
    | st.just(EVIL)
    | st.text(alphabet="<@!#>`*[]()\n\x1b🎉ßé漢 ", max_size=60)
)


@given(ANY)
def test_text_from_outside_is_one_harmless_line(text: str) -> None:
    line = untrusted(text)
    assert line
    assert len(line) <= 140
    assert "\n" not in line
    assert not FORGED.search(line)
    assert not set(line) & {"`", "*"}
    line.encode()


@given(ANY)
def test_a_code_span_cannot_be_left(text: str) -> None:
    assert code(text).count("`") == 2
    assert not FORGED.search(code(text))


@given(ANY)
def test_a_passage_closes_its_fence_and_forges_nothing(text: str) -> None:
    body = passage(text)
    assert not FORGED.search(body)
    assert len(re.findall(r"^ {0,3}(?:```|~~~)", body, re.MULTILINE)) % 2 == 0
    assert passage(body) == body or "…" in body or "```" in body


@given(ANY, st.integers(4, 40), st.integers(1, 3))
def test_wrapped_text_keeps_to_its_box(text: str, columns: int, lines: int) -> None:
    rows = wrapped(untrusted(text), columns, lines)
    assert 1 <= len(rows) <= lines
    assert all(width(row) <= columns for row in rows)
    assert width(fit(untrusted(text), columns)) == columns


@settings(max_examples=60, deadline=None)
@given(ANY.filter(lambda text: text.strip() != ""), ANY, ANY)
def test_whatever_a_model_writes_a_plan_is_drawn_and_forges_nothing(
    title: str, reason: str, target: str
) -> None:
    words = title[:140]
    drawn = plan(
        task("a", words, reason=reason, effects=writes(target)),
        task("b", words, after="a"),
        title=words,
        assumptions=(reason,),
    )
    out = plan_message(ENGLISH, drawn, needs=target, picture=PICTURE, remarks=(reason,))
    failed = view(drawn, {"a": TaskState.FAILED}, state=RunState.FAILED, notes={"a": reason})
    for one in (
        out,
        completion(ENGLISH, failed, drawn),
        progress(ENGLISH, failed, drawn),
        status(ENGLISH, [failed]),
    ):
        assert not FORGED.search(one.text)
        assert all(len(section.text) <= 3000 for section in one.sections)
        assert all(len(b.label) <= 75 for section in one.sections for b in section.buttons)
        json.dumps(one.model_dump(mode="json")).encode()
    assert not re.search("[\x00-\x08\x0b-\x1f]", out.files[0].alt)


def test_a_status_line_has_the_time_so_far() -> None:
    running = view(plan(task("a", "A")), {})
    assert "1 min" in status(ENGLISH, [running], now=START + timedelta(seconds=60)).text


def test_a_plan_that_takes_long_says_what_it_waits_for() -> None:
    made = plan(task("a", "Look"), task("b", "Draft"), task("c", "Check"))
    slow = made.estimate.model_copy(update={"chain": ("a", "b"), "bottleneck": "b"})
    told = plan_message(ENGLISH, made.model_copy(update={"estimate": slow}), needs="", picture=None)
    assert "Longest: 1 → 2, mostly 2 Draft." in str(told)
    quick = slow.model_copy(update={"seconds_high": 5})
    told = plan_message(
        ENGLISH, made.model_copy(update={"estimate": quick}), needs="", picture=None
    )
    assert "Longest" not in str(told)
