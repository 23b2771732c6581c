"""Times in words: what is a schedule, what is left alone, what is declined."""

from datetime import UTC, datetime, timedelta

import pytest

from memory.model.timing.occurrences import coming
from memory.model.timing.schedule import Cron, Schedule
from planner.timing.schedules import (
    Timed,
    Unreadable,
    Zone,
    read,
    read_alone,
)
from planner.timing.zones import find_zone

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BERLIN = Zone("Europe/Berlin", "your time zone")
WORK = "total the revenue in sales.csv"


def told(text: str, zone: Zone = BERLIN) -> Timed:
    found = read(text, now=NOW, zone=zone)
    assert isinstance(found, Timed), found
    return found


def when(schedule: Schedule | None) -> str:
    assert schedule is not None
    kind = schedule.when.model_dump()
    value = kind.get("expression") or kind.get("seconds") or kind.get("moment")
    return f"{value} {schedule.zone}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("every weekday at 9 Berlin time", "0 9 * * 1-5 Europe/Berlin"),
        ("every weekday at 9:15 pm New York time", "15 21 * * 1-5 America/New_York"),
        ("every Monday 8:30", "30 8 * * 1 Europe/Berlin"),
        ("every Monday and Thursday at 17 UTC", "0 17 * * 1,4 UTC"),
        ("on weekdays at 9", "0 9 * * 1-5 Europe/Berlin"),
        ("every Saturday, Sunday and Monday at noon", "0 12 * * 1,6,0 Europe/Berlin"),
        ("on the first of each month", "0 9 1 * * Europe/Berlin"),
        ("on the 1st and 15th of every month at 8:30", "30 8 1,15 * * Europe/Berlin"),
        ("on the last day of each month at 18:00", "0 18 L * * Europe/Berlin"),
        ("on the first Monday of every month at 10", "0 10 * * 1#1 Europe/Berlin"),
        ("on the last Friday of each month at 16:00", "0 16 * * 5L Europe/Berlin"),
        ("every month on the 15th at 8", "0 8 15 * * Europe/Berlin"),
        ("every year on 1 January at 0:00", "0 0 1 1 * Europe/Berlin"),
        ("daily at 6:15 London time", "15 6 * * * Europe/London"),
        ("every day at 7pm and 9 pm", "0 19,21 * * * Europe/Berlin"),
        ("at 9 every weekday", "0 9 * * 1-5 Europe/Berlin"),
        ("every morning", "0 9 * * * Europe/Berlin"),
        ("every evening", "0 18 * * * Europe/Berlin"),
        ("every 2 hours", "7200 Europe/Berlin"),
        ("every fifteen minutes", "900 Europe/Berlin"),
        ("every half hour", "1800 Europe/Berlin"),
        ("every day except Sundays at 7", "0 7 * * 1,2,3,4,5,6 Europe/Berlin"),
        ("every day at 7, but not on weekends", "0 7 * * 1,2,3,4,5 Europe/Berlin"),
        ("every weekday except Friday at 9", "0 9 * * 1,2,3,4 Europe/Berlin"),
        ("every weekday morning at 8", "0 8 * * 1-5 Europe/Berlin"),
        ("monday mornings", "0 9 * * 1 Europe/Berlin"),
        ("jeden Montag um 8", "0 8 * * 1 Europe/Berlin"),
        ("tous les lundis à 8h30", "30 8 * * 1 Europe/Berlin"),
        ("todos los días a las 9", "0 9 * * * Europe/Berlin"),
        ("jeden Tag außer sonntags um 7", "0 7 * * 1,2,3,4,5,6 Europe/Berlin"),
        ("every 3 months", "0 9 1 */3 * Europe/Berlin"),
        ("tomorrow at 14:00", "2026-03-03T13:00:00+00:00 Europe/Berlin"),
        ("tomorrow", "2026-03-03T08:00:00+00:00 Europe/Berlin"),
        ("on Friday at 17:00 (UTC)", "2026-03-06T17:00:00+00:00 UTC"),
        ("on 1 April at 8:00", "2026-04-01T06:00:00+00:00 Europe/Berlin"),
        ("on 2026-12-24 at 10:00", "2026-12-24T09:00:00+00:00 Europe/Berlin"),
        ("at 14:00", "2026-03-02T13:00:00+00:00 Europe/Berlin"),
        ("in 20 minutes", "2026-03-02T09:20:00+00:00 Europe/Berlin"),
        ("in half an hour", "2026-03-02T09:30:00+00:00 Europe/Berlin"),
        ("0 9 * * 1-5 Europe/Paris", "0 9 * * 1-5 Europe/Paris"),
        ("cron 0 9 * * MON-FRI", "0 9 * * MON-FRI Europe/Berlin"),
        ("cron `*/10 8-18 * * *`", "*/10 8-18 * * * Europe/Berlin"),
    ],
)
def test_times_before_the_work_are_split_off(words: str, expected: str) -> None:
    found = told(f"{words}: {WORK}")
    assert (when(found.schedule), found.work) == (expected, WORK)


@pytest.mark.parametrize(
    "words",
    ["every weekday at 9 Berlin time", "in 20 minutes", "every Monday 8:30", "tomorrow at 14:00",
     "every 2 hours", "on the first of each month at 9:00", "daily at 8"],
)  # fmt: skip
def test_times_after_the_work_are_split_off(words: str) -> None:
    before, after = told(f"{words}: {WORK}"), told(f"{WORK} {words}.")
    assert after.schedule == before.schedule
    assert after.work == WORK


def test_times_in_the_middle_are_split_off_where_they_can_be_nothing_else() -> None:
    found = told("Load sales.csv, total revenue every weekday at 9 Berlin time and write q3.md")
    assert when(found.schedule) == "0 9 * * 1-5 Europe/Berlin"
    assert found.work == "Load sales.csv, total revenue and write q3.md"


@pytest.mark.parametrize(
    ("words", "expression", "step"),
    [
        ("every 2 weeks on Friday at 8", "0 8 * * 5", ("week", 2, "2026-03-06")),
        ("every other Friday at 8", "0 8 * * 5", ("week", 2, "2026-03-06")),
        ("every second Monday at 9", "0 9 * * 1", ("week", 2, "2026-03-09")),
        ("Fridays every other week at 8", "0 8 * * 5", ("week", 2, "2026-03-06")),
        ("biweekly on Tuesday at 10", "0 10 * * 2", ("week", 2, "2026-03-03")),
        ("every fortnight", "0 9 * * 1", ("week", 2, "2026-03-09")),
        ("every 3 weeks on Monday and Thursday at 8", "0 8 * * 1,4", ("week", 3, "2026-03-05")),
        ("every other day at 7", "0 7 * * *", ("day", 2, "2026-03-03")),
        ("every third day at noon", "0 12 * * *", ("day", 3, "2026-03-02")),
        ("jeden zweiten Montag um 8", "0 8 * * 1", ("week", 2, "2026-03-09")),
        ("toutes les deux semaines le lundi à 8h", "0 8 * * 1", ("week", 2, "2026-03-09")),
        ("cada dos semanas el lunes a las 8", "0 8 * * 1", ("week", 2, "2026-03-09")),
    ],
)
def test_every_other_week_or_day_counts_from_the_first_time_that_comes(
    words: str, expression: str, step: tuple[str, int, str]
) -> None:
    found = told(f"{words} {WORK}")
    assert found.work == WORK
    assert found.schedule is not None
    assert isinstance(found.schedule.when, Cron)
    assert found.schedule.when.expression == expression
    kept = found.schedule.when.step
    assert kept is not None
    assert (kept.unit, kept.count, kept.since) == step


def test_another_hour_leaves_the_weeks_as_they_are() -> None:
    before = told(f"every other Friday at 8: {WORK}").schedule
    assert before is not None
    late = NOW + timedelta(days=7)
    for words in ("every other Friday at 10", "cron 0 10 * * 5"):
        after = read_alone(words, now=late, zone=BERLIN, like=before)
        assert isinstance(after, Schedule)
        assert coming(after, late, 1)[0] - coming(before, late, 1)[0] == timedelta(hours=2)


@pytest.mark.parametrize(
    "text",
    [
        "total revenue by month",
        "chart the revenue for each month",
        "chart revenue every month",
        "Weekly report on sales",
        "summarise notes.md in 20 words",
        "total revenue since 2024-05-01",
        "count orders between 2024-01-01 and 2024-02-01",
        "compare the totals of every weekday",
        "every file in docs: summarise it",
        "translate it to German at 9",
        "publish the report on Friday",
        "what is 2 * 3 * 4 and so on",
        "Write about what each other team does",
        "show orders where units is over 90",
        "the 30 largest of 45 customers",
    ],
)
def test_words_that_only_look_like_times_stay_with_the_work(text: str) -> None:
    found = told(text)
    assert found.schedule is None
    assert found.work == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("every few days at 9: x", "I can't repeat work “every few days”"),
        ("every 60 weeks: x", "Name days of the week"),
        ("every 5 seconds: x", "I can't repeat work"),
        ("every day at 25:00: x", "“25:00” isn't a time of day"),
        ("every day at 9 Foo time: x", "I don't know the time zone “Foo”"),
        ("every day at 9 IST: x", "several time zones"),
        ("every day at 9 until December: x", "I can't keep “until …”"),
        ("every hour between 9 and 17: x", "in cron"),
        ("every day at 9:00 and 10:30: x", "Make a schedule for each"),
        ("today at 8:00: x", "That time has passed"),
        ("on 31 February at 9:00: x", "no such day"),
        ("cron 0 9 31 2 *: x", "isn't a valid cron expression"),
        ("every day at 9", "Say what to do at those times"),
    ],
)
def test_what_cannot_be_kept_is_declined_in_a_sentence(text: str, reason: str) -> None:
    found = read(text, now=NOW, zone=BERLIN)
    assert isinstance(found, Unreadable)
    assert reason in found.text


def test_what_nobody_said_is_stated() -> None:
    assert told("every Monday: x").assumed == (
        "No time was given, so it runs at 09:00.",
        "Times are in Europe/Berlin, your time zone.",
    )
    assert "say for example “Berlin time”" in told("every day at 8: x", Zone("UTC", "")).assumed[0]
    assert told("every day at 8 Tokyo time: x").assumed == ()
    assert told("in 20 minutes: x").assumed == ()


def test_the_last_word_on_the_times_counts() -> None:
    changed = told(f"every day at 9: {WORK}\n\nmake it every Friday at 17:00 instead")
    assert (when(changed.schedule), changed.work) == ("0 17 * * 5 Europe/Berlin", WORK)
    assert changed.latest == "alone"
    other = told(f"every day at 9: {WORK}\n\nskip the chart")
    assert (when(other.schedule), other.latest) == ("0 9 * * * Europe/Berlin", "nothing")
    assert other.work == f"{WORK}\n\nskip the chart"
    once = told(f"every day at 9: {WORK}\n\njust once")
    assert (once.schedule, once.work) == (None, WORK)


def test_policies_are_said_with_the_times() -> None:
    found = told("every hour, catch up on all missed runs, queue if still running: x").schedule
    assert found is not None
    assert (found.missed, found.overlap) == ("all", "queue")
    kept = read_alone("every Friday at 17:00", now=NOW, zone=BERLIN, like=found)
    assert isinstance(kept, Schedule)
    assert (kept.missed, kept.overlap) == ("all", "queue")


@pytest.mark.parametrize(
    ("said", "zone"),
    [("Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("ET", "America/New_York"),
     ("europe/paris", "Europe/Paris"), ("Kathmandu", "Asia/Kathmandu"), ("nowhere", None)],
)  # fmt: skip
def test_zones_have_the_names_that_people_use(said: str, zone: str | None) -> None:
    assert find_zone(said) == zone


@pytest.mark.parametrize(
    "piece", ["every ", "on the 1st and ", "at 9 ", "9, ", "0 9 * ", "in a ", "Ab "]
)
def test_forty_thousand_characters_are_read_to_the_end(piece: str) -> None:
    """Whatever comes of it: a pattern that tries again and again would not come back."""
    read((piece * 40_000)[:40_000], now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("words", "due", "work"),
    [
        ("tell me in 2 hours to take the cake out", "2026-03-02T11:00:00+00:00 Europe/Berlin", "tell me to take the cake out"),
        ("wake me in 20 min", "2026-03-02T09:20:00+00:00 Europe/Berlin", "wake me"),
        ("dont let me forget to pay on Friday at 10", "2026-03-06T09:00:00+00:00 Europe/Berlin", "dont let me forget to pay"),
        ("erinnere mich morgen um 9 an den Zahnarzt", "2026-03-03T08:00:00+00:00 Europe/Berlin", "remind me to Zahnarzt"),
        ("rappelle-moi vendredi à 15h d'appeler la banque", "2026-03-06T14:00:00+00:00 Europe/Berlin", "remind me to appeler la banque"),
        ("recuérdame llamar al banco mañana a las 10", "2026-03-03T09:00:00+00:00 Europe/Berlin", "remind me to llamar al banco"),
    ],
)  # fmt: skip
def test_reminders_are_read_however_they_are_asked_for(words: str, due: str, work: str) -> None:
    found = told(words)
    assert (when(found.schedule), found.work) == (due, work)


@pytest.mark.parametrize(
    "words",
    [
        "tell me in which file Mia is",
        "tell me on which day we sold most",
        "tell me in 3 sentences what sales.csv holds",
        "Morgen ist frei",
    ],
)
def test_what_only_sounds_like_a_reminder_is_left_alone(words: str) -> None:
    assert told(words).schedule is None


@pytest.mark.parametrize(
    ("words", "work", "reminder"),
    [
        (
            "tick off call Bo in todo.md and remind me tomorrow at 9 to pay rent",
            "tick off call Bo in todo.md",
            "remind me tomorrow at 9 to pay rent",
        ),
        (
            "summarise notes.md. Remind me on Friday to send it",
            "summarise notes.md",
            "Remind me on",
        ),
        (
            "zähle die Rechnungen und erinnere mich morgen an die Miete",
            "zähle die Rechnungen",
            "erinn",
        ),
        (
            "every Monday at 8 total sales and remind me tomorrow to check it",
            "total sales",
            "remind me tomorrow",
        ),
        (
            "remind me tomorrow to pay rent and remind me on Friday to call mum",
            "remind me to pay rent",
            "remind me on Friday",
        ),
    ],
)
def test_a_reminder_beside_other_work_is_left_out_and_said_to_be(
    words: str, work: str, reminder: str
) -> None:
    found = told(words)
    assert found.work.casefold().startswith(work.casefold())
    assert "remind me tomorrow" not in found.work
    assert any(f"I left out: “{reminder}" in line for line in found.assumed)


@pytest.mark.parametrize(
    "words",
    [
        "count the errors in app.log and alert me if there are more than 5",
        'write "a and remind me to b" to notes.md',
        "total sales and notify me when it's done",
    ],
)
def test_what_is_no_reminder_beside_other_work_stays(words: str) -> None:
    found = told(words)
    assert (found.work, found.assumed) == (words, ())
