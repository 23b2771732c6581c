"""Discord's limits, refused in Discord's words (code 50035, Invalid Form Body)."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.discord.world import Payload

MESSAGE_CHARS = 2000
COMPONENTS_V2 = 1 << 15
TEXT_DISPLAY = 10
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


def check_message(data: Payload, *, names: Sequence[str] = ()) -> None:
    """Raise Refused for a message that Discord would not take; `names` of its files."""
    content = data.get("content") or ""
    if len(content) > MESSAGE_CHARS:
        raise invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if len(names) > 10:
        raise invalid("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    if len(str(data.get("nonce") or "")) > 25:
        raise invalid("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")
    if data.get("flags", 0) & COMPONENTS_V2:
        check_card(data, names)
        return
    if not content.strip() and not names and not data.get("embeds"):
        raise Refused(400, 50006, "Cannot send an empty message")
    check_components(data.get("components") or [])


def check_card(data: Payload, names: Sequence[str]) -> None:
    """No content; 40 components with 4000 characters; files that are named and were sent."""
    if data.get("content") or data.get("embeds"):
        raise invalid("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "No.")
    every = [*every_component(data.get("components") or [])]
    if not every or len(every) > 40:
        raise invalid("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "1 to 40.")
    texts = [one["content"] for one in every if one["type"] == TEXT_DISPLAY]
    if not all(texts) or sum(map(len, texts)) > 4000:
        raise invalid("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "1 to 4000.")
    if unknown := {one["type"] for one in every} - {1, 2, TEXT_DISPLAY, 12, 13, 14, 17}:
        raise invalid("components", "UNION_TYPE_CHOICES", f"No type {unknown}.")
    check_buttons([one for one in every if one["type"] == 1])
    named = [one["file"]["url"] for one in every if one["type"] == 13]
    galleries = [one["items"] for one in every if one["type"] == 12]
    if not all(1 <= len(items) <= 10 for items in galleries):
        raise invalid("items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10.")
    named += [item["media"]["url"] for items in galleries for item in items]
    if sorted(named) != sorted(f"attachment://{name}" for name in names):
        raise invalid("components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "No.")


def every_component(components: Sequence[Payload]) -> Iterator[Payload]:
    """All components of a message, those within others after them."""
    for component in components:
        yield component
        yield from every_component(component.get("components") or [])


def said(message: Payload) -> str:
    """What a message says, in its content or its components."""
    every = every_component(message["components"])
    texts = [one["content"] for one in every if one["type"] == TEXT_DISPLAY]
    return message["content"] or "\n\n".join(texts)


def buttons(message: Payload) -> list[Payload]:
    """What can be pressed on a message."""
    return [one for one in every_component(message["components"]) if one["type"] == 2]


def check_components(rows: list[Payload]) -> None:
    """Five rows of five buttons, labels of 80, custom ids of 100 that do not repeat."""
    if len(rows) > 5:
        raise invalid("components", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
    check_buttons(rows)


def check_buttons(rows: list[Payload]) -> None:
    """Rows of five buttons, labels of 80, custom ids of 100 that do not repeat."""
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
