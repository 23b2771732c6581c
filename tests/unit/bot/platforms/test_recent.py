"""What adapters remember is bounded: what was not used for longest goes first."""

from bot.platforms.recent import Recent


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert recent.known() == ("a", "c")
    assert recent.get("b") is None
    recent.drop("a")
    recent.drop("never there")
    assert recent.known() == ("c",)
