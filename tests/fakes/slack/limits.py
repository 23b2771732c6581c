"""Slack's limits on blocks and views; what breaks one is refused as Slack refuses it."""

import re

from tests.fakes.slack.state import Json, State, words_of


def faults_in(blocks: object, state: State, *, most: int = 50) -> list[str]:
    """Slack's complaints about these blocks; none if they are good."""
    if not isinstance(blocks, list):
        return ["blocks must be an array"]
    found = [f"no more than {most} items allowed [json-pointer:/blocks]"] * (len(blocks) > most)
    for index, block in enumerate(blocks):
        found += [f"{fault} [json-pointer:/blocks/{index}]" for fault in _block(block, state)]
    action_ids = [
        element.get("action_id")
        for block in blocks
        if block.get("type") in ("actions", "context_actions")
        for element in block.get("elements", [])
    ]
    found += ["only_one_table_allowed"] * (sum(one.get("type") == "table" for one in blocks) > 1)
    return found + ["action_id already exists"] * (len(set(action_ids)) < len(action_ids))


def too_long(blocks: list[Json]) -> bool:
    return sum(len(text) for block in blocks for text in words_of(block)) > 13_200


def _block(block: Json, state: State) -> list[str]:
    checks = {
        "section": lambda: _section(block),
        "header": lambda: _text(block.get("text", {}), 150, kind="plain_text"),
        "input": lambda: _text(block.get("label", {}), 2000, kind="plain_text"),
        "context": lambda: _context(block.get("elements", [])),
        "actions": lambda: _actions(block.get("elements", [])),
        "context_actions": lambda: _opinions(block.get("elements", [])),
        "table": lambda: _table(block.get("rows", [])),
        "image": lambda: _image(block, state),
        "divider": list,
    }
    check = checks.get(block.get("type", ""))
    return check() if check else [f"unsupported type: {block.get('type')}"]


def _section(block: Json) -> list[str]:
    fields = block.get("fields")
    if fields is None or "text" in block:
        return _text(block.get("text", {}), 3000)
    found = ["no more than 10 items allowed"] * (len(fields) > 10)
    found += ["must not be empty"] * (not fields)
    return found + [fault for field in fields for fault in _text(field, 2000)]


def _table(rows: list[list[Json]]) -> list[str]:
    found = ["no more than 100 rows allowed"] * (len(rows) > 100)
    found += ["no more than 20 cells allowed"] * any(len(row) > 20 for row in rows)
    found += ["must not be empty"] * (len(rows) < 2)
    texts = [cell for row in rows for cell in row]
    found += ["unsupported cell"] * any(cell.get("type") != "raw_text" for cell in texts)
    return found + ["empty cell"] * (not all(cell.get("text") for cell in texts))


def _opinions(elements: list[Json]) -> list[str]:
    found = ["no more than 5 items allowed"] * (len(elements) > 5)
    found += ["must not be empty"] * (not elements)
    for element in elements:
        if element.get("type") != "feedback_buttons" or not element.get("action_id"):
            found.append("unsupported element")
            continue
        found += _button(element["positive_button"]) + _button(element["negative_button"])
    return found


def _context(elements: list[Json]) -> list[str]:
    found = ["no more than 10 items allowed"] * (len(elements) > 10)
    return found + [fault for element in elements for fault in _text(element, 2000)]


def _actions(elements: list[Json]) -> list[str]:
    found = ["no more than 25 items allowed"] * (len(elements) > 25)
    found += ["must not be empty"] * (not elements)
    return found + [fault for element in elements for fault in _button(element)]


def _text(text: Json, most: int, *, kind: str = "") -> list[str]:
    found = []
    if text.get("type") not in ({kind} if kind else {"mrkdwn", "plain_text"}):
        found.append("unsupported text type")
    length = len(text.get("text", ""))
    if length == 0:
        found.append("must be more than 0 characters")
    return found + [f"must be less than {most + 1} characters"] * (length > most)


def _button(button: Json) -> list[str]:
    found = _text(button.get("text", {}), 75, kind="plain_text")
    found += ["value too long"] * (len(button.get("value", "")) > 2000)
    found += ["action_id too long"] * (len(button.get("action_id", "")) > 255)
    return found + ["unknown style"] * (button.get("style", "primary") not in ("primary", "danger"))


def _image(block: Json, state: State) -> list[str]:
    file = state.files.get(block.get("slack_file", {}).get("id", ""))
    if not block.get("alt_text"):
        return ["missing alt_text"]
    if "image_url" in block:
        return [] if re.match("https?://", block["image_url"]) else ["invalid image_url"]
    good = file is not None and file.complete and file.mimetype.startswith("image/")
    return [] if good else ["invalid slack file"]
