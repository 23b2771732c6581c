"""Slack's text, blocks and event ids, without Slack."""

import json
from pathlib import Path

import pytest

from bot.chat import Button, Outgoing, Section
from bot.platforms.slack import limits
from bot.platforms.slack.blocks import bodies, button_of
from bot.platforms.slack.mrkdwn import mentioned, mrkdwn, plain
from bot.platforms.slack.session import SCOPES


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**bold** and *italic* and _too_", "*bold* and _italic_ and _too_"),
        ("**bold *both* bold**", "*bold _both_ bold*"),
        ("## A title", "*A title*"),
        ("- one\n- two", "• one\n• two"),
        ("~~gone~~", "~gone~"),
        ("`a < b **c**`", "`a &lt; b **c**`"),
        ("```python\nx = 1 & 2\n```", "```\nx = 1 &amp; 2\n```"),
        ("[docs](https://a.io/?x=1&y=2)", "<https://a.io/?x=1&amp;y=2|docs>"),
        ("see https://a.io/b.", "see <https://a.io/b>."),
        ("<@U123> but not <!here> <#C1>", "<@U123> but not &lt;!here&gt; &lt;#C1&gt;"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"\*as it is\*", "*as it is*"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("| a | bb |\n|---|---|\n| 10 | 2 |", "```\na   bb\n10  2\n```"),
    ],
)
def test_markdown_becomes_mrkdwn(markdown: str, shown: str) -> None:
    assert mrkdwn(markdown) == shown


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@UBOT> write it", "write it"),
        ("<@UBOT> ask <@U1> and <@U2|bo>", "ask @kim and @bo"),
        ("in <#C1|general> <!here> <!subteam^S1|@team>", "in #general @here @team"),
        (
            "<http://sales.md|sales.md> &amp; <https://a.io|the docs>",
            "sales.md & the docs (https://a.io)",
        ),
        ("<https://a.io/x> <mailto:a@b.io|a@b.io>", "https://a.io/x a@b.io"),
        ("a &lt; b &amp;amp;", "a < b &amp;"),
        ("<@UBOT>\n  keep\n    indents", "keep\nindents"),
        ("keep\n    indents", "keep\n    indents"),
    ],
)
def test_what_slack_sends_is_undone(sent: str, read: str) -> None:
    assert plain(sent, own="UBOT", name=lambda user: {"U1": "kim"}.get(user, "")) == read


def test_people_are_mentioned_in_order_and_once() -> None:
    assert mentioned("<@U2> <@U1|a> <@U2> <!here>") == ("U2", "U1")


def test_a_button_carries_its_action_and_what_it_asks() -> None:
    asking = Button(action="answer:q:other", label="other…", asks="Who?")
    out = Outgoing(sections=(Section(text="1.", buttons=(asking,)),))
    element = bodies(out)[0].blocks[1]["elements"][0]
    assert len(element["value"]) <= limits.VALUE_CHARS
    assert (button_of(element["value"]).action, button_of(element["value"]).asks) == (
        "answer:q:other",
        "Who?",
    )
    with pytest.raises((ValueError, KeyError)):
        button_of(json.dumps({"other": "app"}))


def test_the_manifest_asks_for_every_scope_that_is_needed() -> None:
    manifest = Path("deploy/slack-manifest.yaml").read_text()
    assert [scope for scope in SCOPES if f"- {scope} #" not in manifest] == []
