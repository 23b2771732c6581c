"""Discord's limits, refused in Discord's words (code 50035, Invalid Form Body)."""

from typing import Any

from tests.fakes.discord.world import Payload

MESSAGE_CHARS = 2000
FILE_BYTES = 10 * 1024 * 1024


class Refused(Exception):
    """Discord says no, with a status, its own code and a text."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message} | more


def invalid(field: str, code: str, message: str) -> Refused:
    error = {"_errors": [{"code": code, "message": message}]}
    return Refused(400, 50035, "Invalid Form Body", errors={field: error})


def check_message(data: Payload, *, files: int) -> None:
    """Raise Refused for a message that Discord would not take."""
    content = data.get("content") or ""
    if len(content) > MESSAGE_CHARS:
        raise invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if not content.strip() and not files and not data.get("embeds"):
        raise Refused(400, 50006, "Cannot send an empty message")
    if files > 10:
        raise invalid("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    if len(str(data.get("nonce") or "")) > 25:
        raise invalid("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")
    check_components(data.get("components") or [])


def check_components(rows: list[Payload]) -> None:
    """Five rows of five buttons, labels of 80, custom ids of 100 that do not repeat."""
    if len(rows) > 5:
        raise invalid("components", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
    seen: set[str] = set()
    for row in rows:
        if row["type"] != 1 or not 1 <= len(row["components"]) <= 5:
            raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5.")
        for button in row["components"]:
            if not 1 <= len(button.get("label") or "") <= 80:
                raise invalid("label", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80.")
            if not 1 <= len(button["custom_id"]) <= 100:
                raise invalid("custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100.")
            if button["custom_id"] in seen:
                raise invalid("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Duplicated custom id")
            seen.add(button["custom_id"])


def check_modal(data: Payload) -> None:
    """A title of 45, one to five labels of 45, each with a text input."""
    if not 1 <= len(data["title"]) <= 45:
        raise invalid("title", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45.")
    if not 1 <= len(data["custom_id"]) <= 100 or not 1 <= len(data["components"]) <= 5:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5.")
    for label in data["components"]:
        if label["type"] != 18 or not 1 <= len(label["label"]) <= 45:
            raise invalid("label", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45.")
        if label["component"]["type"] != 4:
            raise invalid("component", "UNION_TYPE_CHOICES", "Not a text input.")
