"""No secret gets into a log or a message."""

import base64
import html
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
import structlog
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memory.privacy.logs import RedactLogs, configure_logging
from memory.privacy.redaction import MARK, SHORTEST, Redactor, redact, shapes
from tests.unit.memory.privacy import secret_samples as samples

SHAPED = [
    "sk-proj-abcDEF0123456789xyzABC",
    "sk-ant-api03-AbCdEf012345678901234567890",
    "xai-abcdefgh0123456789abcd",
    "AIzaSyA-0123456789_abcdefghijklmnopqrs",
    "AKIAIOSFODNN7EXAMPLE",
    "xoxb-123456789012-abcdefABCDEF",
    "xapp-1-A012BCD-345-abcdef0123",
    "ghp_0123456789abcdefghijABCDEFGHIJ",
    "github_pat_11ABCDE0123456789abcdef",
    "glpat-0123456789abcdefghij",
    "hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "discord.com/api/webhooks/1234567890/AbC_dEf-012345",
    "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA cut short",
]
secrets = st.text(min_size=SHORTEST, max_size=40)


@pytest.mark.parametrize("secret", SHAPED)
def test_what_is_shaped_like_a_secret_goes(secret: str) -> None:
    assert redact(f"before {secret}") == f"before {MARK}"


@pytest.mark.parametrize("seed", range(2))
def test_keys_of_nearly_every_issuer_go(seed: int) -> None:
    made = list(samples.secrets(seed))
    missed = [
        form for form, secret in made if redact(f"see {secret} there") == f"see {secret} there"
    ]
    assert len(missed) <= 0.03 * len(made), missed


def test_little_that_only_looks_like_a_secret_goes() -> None:
    texts = list(samples.lookalikes(3))
    taken = [text for text in texts if redact(text) != text]
    assert len(taken) <= 0.05 * len(texts), taken


@pytest.mark.parametrize(
    "written",
    [
        lambda secret: secret,
        lambda secret: quote(secret, safe=""),
        lambda secret: json.dumps({"key": secret}),
        lambda secret: html.escape(secret),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(f"user:{secret}".encode()).decode(),
        lambda secret: base64.b64encode(f"id:{secret}:end".encode()).decode(),
        lambda secret: secret.encode().hex(),
    ],
)
def test_a_known_secret_goes_however_it_is_written(written: Callable[[str], str]) -> None:
    secret = "plain words & <none>/of+them look=odd"
    said = written(secret)
    clean = Redactor([secret])(f"error near {said}!")
    assert MARK in clean
    assert len(clean) < len("error near !") + 20  # at most what it shares with its neighbours


@pytest.mark.parametrize(
    "text",
    [
        letters * (40_000 // len(letters))
        for letters in (
            "a",
            "sk-",
            "eyJ",
            "1:",
            "://a:",
            "x.y",
            "-",
            "aA1_-",
            "key=",
            "password is ",
            "pat-",
        )
    ],
)
def test_no_text_holds_it_up(text: str) -> None:
    for shape in shapes():
        began = time.thread_time()
        shape.pattern.sub("", text)
        assert time.thread_time() - began < 0.05, shape.name


def test_the_words_around_a_secret_stay() -> None:
    assert redact("Authorization: Bearer abc123def456") == f"Authorization: Bearer {MARK}"
    assert redact("at postgresql://ana:hunter2@db/x now") == f"at postgresql://ana:{MARK}@db/x now"
    assert redact('{"api_key": "0123456789abcdef"}') == '{"api_key": "•••"}'


@pytest.mark.parametrize(
    "text",
    [
        "A risk-adjusted, task-oriented-and-very-long-word for sk-learn-documentation",
        "Revenue by region: EMEA 1,204; tokens: 12345678; password: required",
        "see https://example.org:8080/a/b@c and mail kim@example.org",
        "run_01k3abcdefghjkmnpqrs plan 7f3a90c1 " + "a1" * 32,
        "bearer of good news, basic arithmetic",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


@settings(deadline=None)
@given(secret=secrets, before=st.text(), after=st.text())
@example(secret="ab•••c", before="", after="ab••••c")
@example(secret="••••••", before="•", after="••")
def test_a_known_secret_never_survives(secret: str, before: str, after: str) -> None:
    assert secret not in redact(before + secret + after, [secret])


@settings(deadline=None)
@given(secret=secrets)
def test_a_known_secret_in_json_never_survives(secret: str) -> None:
    assert json.dumps(secret)[1:-1] not in redact(json.dumps({"x": secret}), [secret])


@settings(deadline=None)
@given(text=st.text(), known=st.lists(st.text(), max_size=3), at=st.integers(0, 40))
def test_redacting_again_changes_nothing(text: str, known: list[str], at: int) -> None:
    redactor = Redactor(known)
    once = redactor(text[:at] + "".join(known) + SHAPED[at % len(SHAPED)] + text[at:])
    assert redactor(once) == once


@settings(deadline=None)
@given(
    parts=st.lists(st.sampled_from([*SHAPED, "•", "@", "://", "a:", "password=", " ", "Bearer "]))
)
def test_redacting_pieces_of_secrets_again_changes_nothing(parts: list[str]) -> None:
    once = redact("".join(parts))
    assert redact(once) == once


def test_short_values_do_not_spoil_texts() -> None:
    assert redact("none of it", ["none", ""]) == "none of it"


def test_a_log_event_is_clean_to_its_depth() -> None:
    clean = RedactLogs(Redactor(["hunter22"]))
    event = clean(
        None,
        "info",
        {"event": "x", "deep": [{"hunter22": ("hunter22", 3)}], "error": ValueError("hunter22")},
    )
    assert "hunter22" not in repr(event)
    assert event["deep"] == [{MARK: [MARK, 3]}]


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("_logging_as_before")
def test_our_logs_the_libraries_logs_and_tracebacks_are_clean_json() -> None:
    stream = io.StringIO()
    configure_logging("info", json=True, redactor=Redactor(["hunter22"]), stream=stream)
    structlog.get_logger("ours").info("sent", token="hunter22", count=3)
    logging.getLogger("library").warning("calling with %s", "hunter22", extra={"key": "hunter22"})
    try:
        int("hunter22")
    except ValueError:
        structlog.get_logger("ours").exception("broke")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert "hunter22" not in stream.getvalue()
    assert [line["event"] for line in lines] == ["sent", f"calling with {MARK}", "broke"]
    assert lines[0]["count"] == 3
    assert "ValueError" in lines[2]["exception"]


@pytest.mark.usefixtures("_logging_as_before")
def test_logs_for_reading_are_clean_too() -> None:
    stream = io.StringIO()
    configure_logging("warning", json=False, redactor=Redactor(["hunter22"]), stream=stream)
    structlog.get_logger("ours").info("quiet")
    structlog.get_logger("ours").error("loud", token="hunter22")
    assert "loud" in stream.getvalue()
    assert "quiet" not in stream.getvalue()
    assert "hunter22" not in stream.getvalue()
