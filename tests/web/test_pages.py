"""What people can do on the pages, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.looks import PAGES, SIZES
from tests.web.scenes import HASH, moment, run_row
from tests.web.showroom import Showroom, showroom

AXE = Path(__file__).parents[2] / "bot/web/frontend/node_modules/axe-core/axe.min.js"


@pytest.mark.skipif(not AXE.exists(), reason="axe-core isn't here: make web")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_violation_of_axe(
    browser: Browser, room: Showroom, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    found: list[str] = []
    for name, path in PAGES.items():
        page.goto(room.url + path)
        expect(page.locator("h1:visible")).to_have_count(1)
        page.locator(".wait").first.wait_for(state="detached")
        page.add_script_tag(path=AXE)
        result = page.evaluate("axe.run()")
        found += [
            f"{name}: {fault['id']}: {node['html'][:160]}"
            for fault in result["violations"]
            for node in fault["nodes"]
        ]
    context.close()
    assert found == []


def test_a_plan_is_approved_by_its_hash(page: Page, room: Showroom) -> None:
    page.goto(room.url)
    card = page.get_by_role("article", name="Plan Publish the release notes")
    expect(card).to_contain_text("docs/releases/2.4.md")
    card.get_by_role("button", name="Approve").click()
    expect(page.locator(".toast")).to_have_text("Approved. It's starting.")
    assert room.sent == [("POST", f"/plans/{HASH}/approve", {"hash": HASH})]


def test_a_refusal_says_why_and_nothing_runs_before(page: Page, room: Showroom) -> None:
    page.goto(f"{room.url}/plans/{HASH}")
    page.get_by_role("button", name="Refuse…").click()
    page.get_by_label("What should be different?").fill("too dear")
    page.get_by_role("button", name="Refuse and plan again").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert room.sent == [("POST", f"/plans/{HASH}/refuse", {"hash": HASH, "reason": "too dear"})]


def test_who_may_not_approve_reads_who_may(page: Page, room: Showroom) -> None:
    plan = dict(room.answers[f"/plans/{HASH}"]) | {"yours": False, "may": []}
    room.answers[f"/plans/{HASH}"] = plan | {
        "needs": {"each": [], "own": True, "able": ["bo", "kim"]}
    }
    page.goto(f"{room.url}/plans/{HASH}")
    expect(page.get_by_text("bo or kim can approve this.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def test_the_servers_refusal_is_shown_in_its_words(page: Page, room: Showroom) -> None:
    room.refusals[f"/plans/{HASH}/approve"] = (
        403,
        "You asked for it, so bo or kim has to approve it.",
    )
    page.goto(f"{room.url}/plans/{HASH}")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "You asked for it, so bo or kim has to approve it."
    )


def test_news_renews_the_page(page: Page, room: Showroom) -> None:
    page.goto(room.url)
    expect(page.locator(".live:visible")).to_have_text("Live")
    overview = dict(room.answers["/overview"])
    overview["runs"] = [
        run_row(moment(), "run_new", "Fresh from the queue", done=0, tasks=3, cost=0)
    ]
    room.answers["/overview"] = overview
    room.tell("news", seq=101, kind="run_started", run="run_new", project="prj_m")
    expect(page.get_by_text("Fresh from the queue")).to_be_visible()


def test_a_dead_line_is_told_and_taken_up_where_it_stopped(page: Page, room: Showroom) -> None:
    page.goto(room.url)
    expect(page.locator(".live:visible")).to_have_text("Live")
    room.tell("news", seq=123, kind="task_started", run="run_blog", project="prj_m")
    room.deaf = True
    room.hang_up()
    expect(page.locator(".live:visible")).to_have_text("Not live – reconnecting")
    room.deaf = False
    expect(page.locator(".live:visible")).to_have_text("Live")
    assert room.listened_from[0] == "100"
    assert room.listened_from[-1] == "123"


def test_the_page_is_done_with_the_keyboard_alone(page: Page, room: Showroom) -> None:
    page.goto(f"{room.url}/plans/{HASH}")
    page.get_by_role("button", name="Approve").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Approve":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("Approved. It's starting.")


def test_a_used_link_says_what_to_do(page: Page, room: Showroom) -> None:
    room.refusals["/login"] = (401, "This link was used or is over.")
    page.goto(f"{room.url}/login?code=abc")
    page.get_by_role("button", name="Open Orchestra").click()
    expect(page.get_by_role("alert")).to_contain_text("This link was used or is over.")
    expect(page.get_by_text("orchestra web", exact=True)).to_be_visible()


def test_who_is_signed_out_sees_the_way_in(page: Page, room: Showroom) -> None:
    room.refusals["/me"] = (401, "Sign in first.")
    page.goto(f"{room.url}/runs")
    expect(page.get_by_role("heading", name="Sign in to Orchestra")).to_be_visible()


def test_words_of_others_never_become_markup(page: Page, room: Showroom) -> None:
    said = dict(room.answers["/sessions/ses_1/messages"])
    evil = "<img src=x onerror=alert(1)> **bold** [go](javascript:alert(1))"
    said["items"] = [
        *said["items"],
        dict(said["items"][1]) | {"id": "x", "sections": [], "text": evil},
    ]
    room.answers["/sessions/ses_1/messages"] = said
    page.goto(f"{room.url}/chat/ses_1")
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.locator(".chat-log img")).to_have_count(0)
    expect(page.locator('.chat-log a[href^="javascript"]')).to_have_count(0)


def test_a_message_is_sent_and_a_button_pressed(page: Page, room: Showroom) -> None:
    page.goto(f"{room.url}/chat/ses_1")
    expect(page.get_by_role("button", name="✅ Run")).to_be_visible()
    page.get_by_label("Message", exact=True).fill("only 500 words")
    page.keyboard.press("Enter")
    expect(page.get_by_text("only 500 words")).to_be_visible()
    with page.expect_response("**/press"):
        page.get_by_role("button", name="✅ Run").click()
    assert room.sent == [
        ("POST", "/sessions/ses_1/messages", {"text": "only 500 words"}),
        ("POST", "/sessions/ses_1/messages/p1/press", {"action": "press:✅ Run", "text": ""}),
    ]


def test_a_workflow_of_four_tasks_is_built_with_the_keyboard_alone(
    page: Page, room: Showroom
) -> None:
    page.goto(f"{room.url}/builder")
    page.get_by_label("Title").first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Release notes")
    for agent in ("Gemini", "ChatGPT", "Claude", "Files"):
        page.get_by_role("button", name=agent, exact=True).focus()
        page.keyboard.press("Enter")
    expect(page.get_by_text("Tasks (4)")).to_be_visible()
    page.get_by_label("path: value").focus()
    page.keyboard.type("notes.md")
    page.get_by_label("Claude", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Claude", exact=True)).to_be_checked()
    with page.expect_response("**/plan"):
        page.get_by_role("button", name="Save and plan").focus()
        page.keyboard.press("Enter")
    saved = next(body["document"] for method, _, body in room.sent if method == "PUT")
    assert saved["title"] == "Release notes"
    assert [task["key"] for task in saved["tasks"]] == ["draft", "draft-2", "draft-3", "files"]
    assert saved["tasks"][3]["inputs"] == [{"name": "path", "value": "notes.md"}]
    assert saved["tasks"][3]["after"] == ["draft-3"]


def test_the_builder_shows_what_the_server_finds_wrong_at_its_task(
    page: Page, room: Showroom
) -> None:
    wrong = {"ok": False, "problems": [{"task": "save", "text": "It writes outside the project."}]}
    room.answers["/workflows/validate"] = dict(room.answers["/workflows/validate"]) | wrong
    page.goto(f"{room.url}/builder/blog-post")
    expect(page.get_by_text("It writes outside the project.")).to_be_visible()
    expect(page.get_by_role("button", name="Save and plan")).to_be_disabled()
    page.get_by_role("button", name="save", exact=True).click()
    expect(page.get_by_label("path: value")).to_have_value("blog/draft.md")


def test_what_was_changed_in_the_builder_is_undone(page: Page, room: Showroom) -> None:
    page.goto(f"{room.url}/builder/blog-post")
    page.get_by_role("button", name="Remove Save the draft").click()
    expect(page.get_by_text("Tasks (1)")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Tasks (2)")).to_be_visible()


def test_two_hundred_tasks_are_drawn_and_can_be_opened(page: Page) -> None:
    with showroom("crowded") as room:
        page.goto(f"{room.url}/runs/run_blog")
        expect(page.locator(".node")).to_have_count(200)
        page.locator(".node").nth(1).click()
        expect(page.get_by_role("region", name=re.compile("Task Check ledger 2"))).to_be_visible()


def test_the_narrow_page_never_scrolls_sideways(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    page = context.new_page()
    wide: list[str] = []
    for scene in ("full", "crowded"):
        with showroom(scene) as room:
            for name, path in PAGES.items():
                page.goto(room.url + path)
                page.locator("h1:visible").first.wait_for()
                page.locator(".wait").first.wait_for(state="detached")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wide.append(f"{scene} {name}")
    context.close()
    assert wide == []


def test_the_lines_of_a_value_stay_lines(page: Page, room: Showroom) -> None:
    stored = dict(room.answers["/templates/blog-post"])
    document = dict(stored["document"])
    inputs = [{"name": "sql", "value": "SELECT 1\nFROM sales", "from_task": None}]
    document["tasks"] = [{**document["tasks"][0], "inputs": inputs}]
    room.answers["/templates/blog-post"] = stored | {"document": document}
    page.goto(f"{room.url}/builder/blog-post")
    page.get_by_role("button", name="1 Research the topic").click()
    page.get_by_label("sql: value").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" LIMIT 3")
    expect(page.get_by_label("sql: value")).to_have_value("SELECT 1\nFROM sales LIMIT 3")
