"""Words, reactions and buttons become the command that was meant."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Attachment, Incoming
from bot.language import intents as c
from bot.language.commands import answered, parse
from bot.language.state import ConversationState
from memory.model.base import PlanHash, RequestId, RunId
from memory.model.identity import Identity, Role, ThreadRef
from memory.model.work.question import StoredQuestion

ANA = Identity(platform="slack", workspace="t", user_id="U1", display="ana")
KIM = Identity(platform="slack", workspace="t", user_id="U9", display="kim")
THREAD = ThreadRef(platform="slack", workspace="t", channel="C1", thread="1.0")
PLAN, OTHER = PlanHash("a" * 64), PlanHash("b" * 64)


def heard(text: str = "", **fields: object) -> Incoming:
    event = {"event_id": "e", "kind": "message", "thread": THREAD, "author": ANA, "text": text}
    return Incoming.model_validate({**event, "at": datetime(2026, 3, 2, tzinfo=UTC), **fields})


def question(number: int, *options: str, default: str = "", state: str = "open") -> StoredQuestion:
    return StoredQuestion(
        id=f"q{number}", request=RequestId("r"), round=1, slot=f"s{number}",
        text=f"Question {number}?", options=options, default=default or options[0], state=state,
    )  # fmt: skip


READER = question(1, "developers", "managers")
MODE = question(2, "draft", "publish")
ASKING = ConversationState(questions=(READER, MODE), request=RequestId("r"), known=True)
WAITING = ConversationState(plan=PLAN, last_plan=PLAN, known=True, mine=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status", c.Named(name="run.status")),
        ("Status?", c.Named(name="run.status")),
        ("agents", c.Named(name="agents.show")),
        ("/orchestra status", c.Named(name="run.status")),
        ("!status", c.Named(name="run.status")),
        ("how far are you?", c.Named(name="run.status")),
        ("help", c.Named(name="help")),
        ("", c.Named(name="help")),
        ("cancel", c.Steer(what="cancel")),
        ("please stop", c.Steer(what="cancel")),
        ("pause", c.Steer(what="pause")),
        ("resume", c.Steer(what="resume")),
        ("stop everything", c.Named(name="work.stop_all")),
        ("pause project", c.Named(name="work.stop")),
        ("resume all", c.Named(name="work.release_all")),
        ("budget", c.Named(name="budget.show")),
        ("try again", c.Named(name="request.again")),
        ("rerun", c.Rerun()),
        ("rerun from step 3", c.Rerun(where="3")),
        ("redo from the chart.", c.Rerun(where="chart")),
        ("redo the homepage", c.Said(text="redo the homepage")),
        ("rerun it with Claude", c.Said(text="rerun it with Claude")),
        ("who am I", c.Named(name="roles.show")),
        ("plan again", c.Named(name="request.again")),
        ("Write a blog post", c.Said(text="Write a blog post")),
        ("cancel the newsletter subscription page", c.Said(text="cancel the newsletter subscription page")),
        ("write about the budget of 2026", c.Said(text="write about the budget of 2026")),
    ],
)  # fmt: skip
def test_words_mean(text: str, expected: c.Command) -> None:
    assert parse(heard(text), ConversationState()) == expected


@pytest.mark.parametrize(
    ("text", "name", "limit", "period"),
    [
        ("budget $50 per month", "", 50_000_000, "month"),
        ("budget marketing $50 a month", "marketing", 50_000_000, "month"),
        ("set budget for marketing to $1,200.50 a week", "marketing", 1_200_500_000, "week"),
        ("budget 5 dollars daily", "", 5_000_000, "day"),
        ("budget $0 in total", "", 0, "total"),
        ("budget $10", "", 10_000_000, None),
        ("budget Claude $20 a day", "Claude", 20_000_000, "day"),
        ("budget ana $5 a day", "ana", 5_000_000, "day"),
        ("this run at most $2", "run", 2_000_000, None),
        ("limit this run to $2", "run", 2_000_000, None),
        ("budget for this run $2", "run", 2_000_000, None),
        ("spend at most $2 on this run", "run", 2_000_000, None),
        ("task 2 at most $0.50", "task 2", 500_000, None),
        ("limit task 3 to $1", "task 3", 1_000_000, None),
        ("schedule 2 at most $1 a day", "schedule 2", 1_000_000, "day"),
        ("this schedule may cost $1 a week", "this schedule", 1_000_000, "week"),
        ("budget schedule 2 $1 a day", "schedule 2", 1_000_000, "day"),
        ("template blog-post at most $3 a month", "template blog-post", 3_000_000, "month"),
        ("$50 this month for the project", "", 50_000_000, "month"),
        ("at most $3 today for me", "me", 3_000_000, "day"),
        ("budget $500 a month for everyone", "everyone", 500_000_000, "month"),
        ("this installation at most $9 a day", "this installation", 9_000_000, "day"),
        ("this project may spend no more than $40 a week", "", 40_000_000, "week"),
        ("Claude's budget $9 a day", "Claude", 9_000_000, "day"),
    ],
)
def test_budgets_are_set_in_words(text: str, name: str, limit: int, period: str | None) -> None:
    expected = c.BudgetSet.model_validate(
        {"name": name, "limit_micro_usd": limit, "period": period}
    )
    assert parse(heard(text), ConversationState()) == expected


@pytest.mark.parametrize(
    ("text", "name", "limit", "unit", "period"),
    [
        ("budget Claude 1M tokens a day", "Claude", 1_000_000, "tokens", "day"),
        ("budget 2.5 million tokens a month", "", 2_500_000, "tokens", "month"),
        ("at most 200 runs a month", "", 200, "runs", "month"),
        ("no more than 1,500 runs per week for this project", "", 1_500, "runs", "week"),
        ("limit me to 20 runs a day", "me", 20, "runs", "day"),
        ("this run at most 50k tokens", "run", 50_000, "tokens", None),
        ("this run at most 30 minutes", "run", 1_800_000, "minutes", None),
        ("budget Claude 1.5 hours a day", "Claude", 5_400_000, "minutes", "day"),
        ("budget 90 min a week", "", 5_400_000, "minutes", "week"),
        ("schedule 2 may use 100k tokens a day", "schedule 2", 100_000, "tokens", "day"),
    ],
)
def test_tokens_and_runs_are_limited_in_words(
    text: str, name: str, limit: int, unit: str, period: str | None
) -> None:
    expected = c.BudgetSet.model_validate(
        {"name": name, "limit_micro_usd": limit, "unit": unit, "period": period}
    )
    assert parse(heard(text), ConversationState()) == expected


@pytest.mark.parametrize("text", ["budget 1.5 runs a day", "budget Claude 9e tokens a day"])
def test_half_a_run_is_no_limit(text: str) -> None:
    assert not isinstance(parse(heard(text), ConversationState()), c.BudgetSet)


@pytest.mark.parametrize(
    ("text", "name", "period"),
    [
        ("the nightly report may cost $1 a day", "nightly report", "day"),
        ("Our blog posts may cost no more than $3 a week.", "blog posts", "week"),
        ("the weekly digest must not cost more than $2 a month", "weekly digest", "month"),
    ],
)
def test_what_is_there_may_cost_so_much_a_day(text: str, name: str, period: str) -> None:
    command = parse(heard(text), ConversationState())
    assert isinstance(command, c.BudgetSet)
    assert (command.name, command.period, command.sure) == (name, period, True)


@pytest.mark.parametrize(
    ("text", "name", "period"),
    [
        ("remove the budget", "", None),
        ("remove the daily budget", "", "day"),
        ("delete the monthly limit for Claude", "Claude", "month"),
        ("remove Claude's budget", "Claude", None),
        ("drop the cap on schedule 2", "schedule 2", None),
    ],
)
def test_a_budget_is_taken_away_in_words(text: str, name: str, period: str | None) -> None:
    command = parse(heard(text), ConversationState())
    assert command == c.BudgetRemove.model_validate({"name": name, "period": period})


@pytest.mark.parametrize(
    ("text", "mode"),
    [("budget $50 a month, only warn", "warn"), ("budget $5 a day just watch", "observe")],
)
def test_a_budget_may_only_warn_or_watch(text: str, mode: str) -> None:
    command = parse(heard(text), ConversationState())
    assert isinstance(command, c.BudgetSet)
    assert (command.name, command.mode) == ("", mode)


@pytest.mark.parametrize(
    "text",
    [
        "write a report on the project for at most $2",
        "find flights under $300 for the team",
        "$50 shoes this month for ana, compare them",
        "the run of sales.csv cost $2, why",
        "the blog post may cost $5",
        "delete the budget column from costs.csv",
        "remove the budget numbers of 2024 from the report and send it",
    ],
)
def test_amounts_in_other_words_set_no_budget(text: str) -> None:
    assert not isinstance(parse(heard(text), ConversationState()), c.BudgetSet)


@pytest.mark.parametrize("text", ["budget $99999999999", "budget -5"])
def test_a_budget_that_cannot_be_read_is_asked_for_again(text: str) -> None:
    assert isinstance(parse(heard(text), ConversationState()), c.Unclear)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("developers, publish", {"q1": "developers", "q2": "publish"}),
        ("publish, developers", {"q1": "developers", "q2": "publish"}),
        ("Developers and draft", {"q1": "developers", "q2": "draft"}),
        ("1 managers", {"q1": "managers"}),
        ("2: draft", {"q2": "draft"}),
        ("2) publish; 1) managers", {"q1": "managers", "q2": "publish"}),
        ("1 nurses, 2 default", {"q1": "nurses", "q2": "draft"}),
        ("man", {"q1": "managers"}),
        ("nurses, publish", {"q1": "nurses", "q2": "publish"}),
    ],
)
def test_answers_come_in_any_order(text: str, expected: dict[str, str]) -> None:
    command = parse(heard(text), ASKING)
    assert isinstance(command, c.AnswerGiven)
    assert dict(command.answers) == expected


def test_the_only_question_takes_any_words_or_an_options_number() -> None:
    state = ConversationState(questions=(READER,), request=RequestId("r"), known=True)
    words = "the night shift, mostly"
    assert parse(heard(words), state) == c.Said(text=words)
    assert answered(words, state) == c.AnswerGiven(answers=(("q1", words),))
    assert parse(heard("2"), state) == c.AnswerGiven(answers=(("q1", "managers"),))
    assert parse(heard("run"), state) == c.DefaultsTaken(request=RequestId("r"))
    assert parse(heard("drop"), state) == c.DropRequest(request=RequestId("r"))


def test_yes_answers_where_it_is_an_option() -> None:
    state = ConversationState(
        questions=(question(1, "yes", "no"),), request=RequestId("r"), known=True
    )
    assert parse(heard("no"), state) == c.AnswerGiven(answers=(("q1", "no"),))


@pytest.mark.parametrize(
    ("typed", "meant"), [("staus", "status"), ("budgt", "budget"), ("agentss", "agents")]
)
def test_a_word_with_a_slip_shows_what_was_meant(typed: str, meant: str) -> None:
    assert parse(heard(typed), ConversationState()) == parse(heard(meant), ConversationState())


@pytest.mark.parametrize("text", ["aprove", "cancle", "resme", "retri"])
def test_a_slip_of_what_acts_is_left_to_the_router(text: str) -> None:
    assert parse(heard(text), ConversationState()) == c.Said(text=text)


def test_words_while_a_plan_waits_change_it() -> None:
    assert parse(heard("skip 2"), WAITING) == c.ChangePlan(plan=PLAN, text="skip 2")
    assert parse(heard("skip the chart"), WAITING) == c.Said(text="skip the chart")
    assert parse(heard("change: save to x.md"), WAITING) == c.ChangePlan(
        plan=PLAN, text="save to x.md"
    )


@pytest.mark.parametrize("text", ["run", "yes", "Go ahead!", "✅", ":white_check_mark:", "LGTM"])
def test_run_approves_the_plan_that_waits(text: str) -> None:
    assert parse(heard(text), WAITING) == c.Approve(plan=PLAN, via="words")


def test_run_without_a_plan_is_explained() -> None:
    assert isinstance(parse(heard("run"), ConversationState(known=True)), c.Unclear)
    assert isinstance(parse(heard("run"), ConversationState(known=True, planning=True)), c.Unclear)


def reaction(emoji: str, state: ConversationState, *, removed: bool = False) -> c.Command:
    return parse(heard(kind="reaction", emoji=emoji, message="m1", removed=removed), state)


@pytest.mark.parametrize(
    ("emoji", "expected"),
    [
        ("✅", c.Approve(plan=PLAN, via="reaction")),
        ("✔️", c.Approve(plan=PLAN, via="reaction")),
        ("❌", c.Refuse(plan=PLAN, via="reaction")),
        ("🧪", c.DryRun(plan=PLAN)),
        ("✏️", c.ChangePlan(plan=PLAN, text="")),
        ("👍", c.Ignore()),
        ("🎉", c.Ignore()),
    ],
)
def test_reactions_on_the_plan_message(emoji: str, expected: c.Command) -> None:
    assert reaction(emoji, ConversationState(shown=PLAN)) == expected


def test_no_reaction_elsewhere_decides_on_a_plan() -> None:
    for emoji in ("✅", "👍", "❌", "🧪", "✏️"):
        assert reaction(emoji, WAITING) == c.Ignore()


def test_taking_the_tick_back_withdraws_and_nothing_else_does() -> None:
    assert reaction("✅", ConversationState(shown=PLAN), removed=True) == c.Withdraw(plan=PLAN)
    assert reaction("❌", ConversationState(shown=PLAN), removed=True) == c.Ignore()


def test_thumbs_on_a_result_are_feedback() -> None:
    state = ConversationState(result=RunId("run1"))
    assert reaction("👍", state) == c.Feedback(run=RunId("run1"), value=1)
    assert reaction("👎", state) == c.Feedback(run=RunId("run1"), value=-1)
    assert reaction("👎", state, removed=True) == c.Feedback(run=RunId("run1"), value=0)
    assert reaction("✅", state) == c.Ignore()


def press(action: str, state: ConversationState, text: str = "") -> c.Command:
    return parse(heard(text, kind="button", action=action, message="m1"), state)


def test_a_plans_button_counts_only_on_its_own_message() -> None:
    assert press(f"approve:{PLAN}", ConversationState(shown=PLAN)) == c.Approve(
        plan=PLAN, via="button"
    )
    assert isinstance(press(f"approve:{PLAN}", ConversationState(shown=OTHER)), c.Unclear)
    assert isinstance(press(f"approve:{PLAN}", WAITING), c.Unclear)


def test_buttons_mean_what_they_say() -> None:
    assert press("answer:q1:1", ASKING) == c.AnswerGiven(answers=(("q1", "managers"),))
    assert press("answer:q2:other", ASKING, "later") == c.AnswerGiven(answers=(("q2", "later"),))
    assert press("defaults:r", ASKING) == c.DefaultsTaken(request=RequestId("r"))
    assert press("cancel:run1", ConversationState()) == c.Steer(what="cancel", run=RunId("run1"))
    assert press("feedback:run1:-1", ConversationState()) == c.Feedback(run=RunId("run1"), value=-1)
    assert press("person:w1:yes", ConversationState()) == c.PersonAnswered(wait="w1", text="yes")
    assert press("person:w1:other", ConversationState(), "42") == c.PersonAnswered(
        wait="w1", text="42"
    )
    assert press("budget:b1:raise", ConversationState(), "$9") == c.BudgetPressed(
        budget="b1", what="raise", text="$9"
    )


@pytest.mark.parametrize(
    "action", ["", "approve", "answer:q1:9", "answer:q1:x", "answer:q7:0", "answer:q1:other",
               "feedback:run1:5", "nonsense:1", "person:w1:other"],
)  # fmt: skip
def test_a_button_that_makes_no_sense_does_nothing(action: str) -> None:
    assert isinstance(press(action, ASKING), c.Unclear)


def test_talk_between_people_is_not_answered() -> None:
    assert parse(heard("lunch?", addressed=False), ConversationState()) == c.Ignore()
    assert parse(heard("lunch?", addressed=False), ConversationState(known=True)) == c.Ignore()
    assert parse(heard("", addressed=False), ConversationState(known=True)) == c.Ignore()


def test_who_is_asked_answers_in_the_thread() -> None:
    state = ConversationState(known=True, waits=("w1",), plan=PLAN)
    assert parse(heard("yes", addressed=False), state) == c.PersonAnswered(wait="w1", text="yes")
    assert parse(heard("status"), state) == c.Named(name="run.status")


def test_roles_need_a_mention() -> None:
    made = parse(heard("make @kim approver", mentions=(KIM,)), ConversationState())
    assert made == c.RoleSet(person=KIM, role=Role.APPROVER)
    unnamed = parse(heard("make kim approver"), ConversationState())
    assert isinstance(unnamed, c.Lacking)
    assert unnamed.name == "role.set"
    taken = parse(heard("make @kim no longer approver", mentions=(KIM,)), ConversationState())
    assert isinstance(taken, c.Said)


def test_too_much_text_is_refused_and_files_alone_are_kept() -> None:
    assert isinstance(parse(heard("x" * 40_001), ConversationState()), c.Unclear)
    assert parse(heard("x" * 40_000), ConversationState()) == c.Said(text="x" * 40_000)
    file = Attachment(name="a.csv", media_type="text/csv", size=1, handle="h")
    assert parse(heard("", attachments=(file,)), ConversationState()) == c.Named(name="files.keep")


@given(text=st.text(max_size=300), action=st.text(max_size=60), emoji=st.text(max_size=8))
def test_nothing_anybody_types_breaks_the_parser(text: str, action: str, emoji: str) -> None:
    for state in (ConversationState(), ASKING, WAITING, ConversationState(shown=PLAN)):
        parse(heard(text), state)
        parse(heard(text, kind="button", action=action), state)
        parse(heard(kind="reaction", emoji=emoji), state)


@pytest.mark.parametrize("text", ["ok", "yes", "no", "let us ask the lawyers first", "skip it"])
def test_words_between_others_in_the_thread_decide_nothing(text: str) -> None:
    state = WAITING.model_copy(update={"mine": False})
    assert parse(heard(text, addressed=False), state) == c.Ignore()


def test_an_approver_in_the_thread_may_say_run_without_a_mention() -> None:
    state = WAITING.model_copy(update={"mine": False})
    assert parse(heard("run", addressed=False), state) == c.Approve(plan=PLAN, via="words")


def test_a_channel_is_not_a_conversation_only_because_a_command_was_given_there() -> None:
    channel = heard("lunch?", addressed=False, thread=THREAD.channel_ref())
    assert parse(channel, ConversationState(known=True, mine=True)) == c.Ignore()


@pytest.mark.parametrize(
    ("emoji", "expected"),
    [
        ("✅", c.DefaultsTaken(request=RequestId("r"))),
        ("❌", c.DropRequest(request=RequestId("r"))),
        ("🧪", c.Ignore()),
    ],
)
def test_a_reaction_to_the_open_questions_takes_the_defaults_or_drops_the_request(
    emoji: str, expected: c.Command
) -> None:
    on_questions = ASKING.model_copy(update={"asked": True})
    assert parse(heard(kind="reaction", emoji=emoji), on_questions) == expected
    assert parse(heard(kind="reaction", emoji=emoji), ASKING) == c.Ignore()
    taken_back = heard(kind="reaction", emoji=emoji, removed=True)
    assert parse(taken_back, on_questions) == c.Ignore()


def test_what_ran_here_is_done_again_by_words_and_by_emoji() -> None:
    over = ConversationState(last_plan=PLAN, failed=RunId("run_1"), known=True, mine=True)
    assert parse(heard("retry"), over) == c.Steer(what="retry", run=RunId("run_1"))
    assert parse(heard("rerun it, but use Claude"), over) == c.Fork(text="use Claude")
    waiting = over.model_copy(update={"plan": PLAN})
    assert parse(heard("retry"), waiting) == c.Named(name="request.again")


@pytest.mark.parametrize(
    ("emoji", "what"), [("⏸️", "pause"), ("▶️", "resume"), ("🛑", "cancel"), ("🔁", "retry")]
)
def test_an_emoji_on_the_plan_of_a_run_steers_it(emoji: str, what: str) -> None:
    reacted = heard(kind="reaction", emoji=emoji)
    command = parse(reacted, ConversationState(shown=PLAN))
    assert command == c.Steer.model_validate({"what": what, "plan": PLAN})
    assert (
        parse(reacted.model_copy(update={"removed": True}), ConversationState(shown=PLAN))
        == c.Ignore()
    )


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        ("don't overwrite it, new file", True),
        ("in a new file please", True),
        ("a separate one", True),
        ("keep the original", True),
        ("sort them as well", False),
    ],
)
def test_any_new_file_is_the_one_that_was_offered(words: str, taken: bool) -> None:
    where = question(1, "people-unique.csv")
    state = ConversationState(questions=(where,), request=RequestId("r"), known=True)
    expected = c.AnswerGiven(answers=(("q1", "people-unique.csv"),))
    assert (parse(heard(words), state) == expected) is taken
