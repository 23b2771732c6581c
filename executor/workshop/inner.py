"""What burns and is no tool of a plan: the shapes of files, the text of pages. Done in a worker."""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from pydantic import JsonValue

from executor.data import arguments, file_shapes
from executor.documents.reading import readable
from executor.egress.http import Page
from executor.port import Argument, Call, Reply
from memory.model.work.value import Json, Text

SHAPES: Final = "inner.shapes"
PAGE: Final = "inner.page"


async def _shapes(call: Call) -> Reply:
    """The shapes of the files at `paths`, by path; of a workbook all of its sheets."""
    found: dict[str, JsonValue] = {
        path: [info.model_dump(mode="json") for info in file_shapes.described(call.files, path)]
        for path in arguments.words(call, "paths")
    }
    return Reply(value=Json(value=found))


async def _page(call: Call) -> Reply:
    """The text of a page. Raises BadInput for what is not text."""
    given: Any = call.inputs
    page = Page(given["url"], given["media_type"], given["charset"], _bytes(given["body"]))
    return Reply(value=Text(text=readable(page)))


def page_inputs(page: Page) -> dict[str, Argument | Sequence[Argument]]:
    """The page as the inputs of an order."""
    body = base64.b64encode(page.body).decode()
    return {
        "url": page.url,
        "media_type": page.media_type,
        "charset": page.charset,
        "body": body,
    }


def _bytes(body: str) -> bytes:
    return base64.b64decode(body)


INNER: Final[Mapping[str, Callable[[Call], Awaitable[Reply]]]] = {SHAPES: _shapes, PAGE: _page}
