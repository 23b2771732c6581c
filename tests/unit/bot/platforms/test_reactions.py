"""Event ids of reactions: one for each, however it is heard of."""

from bot.platforms.reactions import Press, Reaction, ReactionLog

PRESS = Press("C", "1.1", "U", "✅")


def added(log: ReactionLog, stamp: str = "") -> Reaction:
    reaction = log.added(PRESS, stamp)
    assert reaction is not None
    return reaction


def test_a_reaction_has_one_id_live_and_read_again() -> None:
    log = ReactionLog(started="s1")
    log.posted("C", "1.1")
    live = added(log, "2.0")
    (read,) = log.missed("C", "1.1", {PRESS})
    assert live == read
    log.keep(live, "2.0")
    assert log.missed("C", "1.1", {PRESS}) == ()
    assert log.missed("C", "1.1", {PRESS}, again=True) == (live,)


def test_a_reaction_given_again_is_another_event() -> None:
    log = ReactionLog(started="s1")
    log.posted("C", "1.1")
    first = added(log, "2.0")
    log.keep(first, "2.0")
    gone = log.removed(PRESS, "3.0")
    log.keep(gone, "3.0")
    again = added(log, "4.0")
    (read,) = log.missed("C", "1.1", {PRESS})
    assert again == read
    log.keep(again, "4.0")
    assert log.removed(PRESS, "5.0").removed
    ids = {first.event_id, gone.event_id, again.event_id, log.removed(PRESS, "5.0").event_id}
    assert len(ids) == 4


def test_a_reaction_told_late_after_its_withdrawal_is_not_told() -> None:
    log = ReactionLog(started="s1")
    log.keep(log.removed(PRESS, "3.0"), "3.0")
    assert log.added(PRESS, "2.0") is None


def test_stamps_that_are_no_numbers_are_not_compared() -> None:
    log = ReactionLog(started="s1")
    log.keep(log.removed(PRESS, "session.3"), "session.3")
    assert added(log).event_id == f"{PRESS.key}:after:session.3"


def test_after_a_restart_what_is_there_keeps_its_id_and_what_comes_is_new() -> None:
    before = ReactionLog(started="s1")
    before.posted("C", "1.1")
    first = added(before, "2.0")
    after = ReactionLog(started="s2")
    (read,) = after.missed("C", "1.1", {PRESS})
    assert read == first
    other = ReactionLog(started="s2")
    assert other.missed("C", "1.1", ()) == ()
    other.read("C", "1.1")
    assert added(other, "9.0").event_id not in {first.event_id, PRESS.key}


def test_a_withdrawal_nobody_told_of_is_found_once() -> None:
    log = ReactionLog(started="t1")
    log.posted("C", "1.1")
    log.keep(added(log))
    (gone,) = log.missed("C", "1.1", ())
    assert (gone.press, gone.removed) == (PRESS, True)
    log.keep(gone, gone.event_id)
    assert log.missed("C", "1.1", ()) == ()


def test_a_message_is_known_once_we_posted_it_or_it_has_a_reaction() -> None:
    log = ReactionLog(started="t1")
    assert not log.knows(PRESS)
    log.keep(added(log))
    assert log.knows(PRESS)
    other = ReactionLog(started="t1")
    other.posted("C", "1.1")
    assert other.knows(PRESS)
