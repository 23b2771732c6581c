"""How a change is told: what went, what came, what is other, and the bill before and after."""

from bot.language.catalogue import ENGLISH
from bot.render.plans.differences import changes_text, comparison
from memory.model.base import AgentName, RequestId
from memory.model.work.plan import Estimate
from tests.unit.bot.samples import plan, task, writes

NAMES = {AgentName("chatgpt"): "ChatGPT", AgentName("gemini"): "Gemini"}
CHEAP = Estimate(
    cost_low_micro_usd=50_000, cost_high_micro_usd=100_000, seconds_low=60, seconds_high=120
)
BEFORE = plan(
    task("a", "Draft", instruction="Write."),
    task("b", "Review"),
    task("c", "Save", "files", effects=writes("a.md")),
)
AFTER = plan(
    task("a", "Draft", "gemini", instruction="Write <@U1> well."),
    task("c", "Save", "files", effects=writes("b.md")),
    task("d", "Check"),
    estimate=CHEAP,
)


def test_every_change_is_a_line_and_the_bill_is_beside_the_old_plan() -> None:
    text = changes_text(ENGLISH, BEFORE, AFTER, NAMES)
    assert text.replace("\u2063", "") == (
        f"**Changed from plan `{BEFORE.short}`** · cost $0.11–0.24 → $0.05–0.10 · "
        "time 3–6 min → 1–2 min\n"
        "removed: 2 Review · ChatGPT\n"
        "added: 3 Check · ChatGPT\n"
        "changed: 1 Draft: ChatGPT → Gemini; instruction: “Write.” → “Write ‹@U1> well.”\n"
        "changed: 2 Save: writes `a.md` → writes `b.md`"
    )


def test_a_change_of_everything_still_fits_a_section() -> None:
    def many(words: str) -> list[object]:
        return [task(f"t{n}", f"Task {n} {words * 20}", instruction=words * 90) for n in range(60)]

    text = changes_text(ENGLISH, plan(*many("old ")), plan(*many("new ")), NAMES)  # type: ignore[arg-type]
    assert len(text) <= 2800
    assert "more changes" in text or text.endswith("…")


def test_two_plans_side_by_side_have_a_button_to_take_the_other() -> None:
    out = comparison(
        ENGLISH, BEFORE, AFTER, NAMES, quality=["1 Draft — ChatGPT: good"], take=RequestId("r")
    )
    assert (
        "**Now** · cost $0.11–0.24 · time 3–6 min · 3 tasks · writes `a.md` · ChatGPT" in out.text
    )
    assert (
        "**Then** · cost $0.05–0.10 · time 1–2 min · 3 tasks · writes `b.md` · Gemini" in out.text
    )
    assert "Cost: clearly less. Time: clearly less." in out.text
    assert "1 Draft — ChatGPT: good" in out.text
    assert [button.action for part in out.sections for button in part.buttons] == ["takeit:r"]
    assert "Press “Take it” to switch to this one" in out.text


def test_ranges_that_overlap_are_no_clear_difference() -> None:
    wide = Estimate(
        cost_low_micro_usd=20_000, cost_high_micro_usd=240_000, seconds_low=180, seconds_high=360
    )
    after = AFTER.model_copy(update={"estimate": wide})
    out = comparison(ENGLISH, BEFORE, after, NAMES, quality=[], take=RequestId("r"))
    assert "Cost: no clear difference. Time: the same." in out.text
    unknown = wide.model_copy(update={"unpriced": ("Gemini",)})
    after = AFTER.model_copy(update={"estimate": unknown})
    out = comparison(ENGLISH, BEFORE, after, NAMES, quality=[], take=RequestId("r"))
    assert "Cost: can't be compared, since a price isn't known." in out.text
