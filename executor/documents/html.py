"""Markdown to one HTML file that needs nothing else: pictures embedded, no raw HTML, no script."""

import base64
import html
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from executor.data.media import media_type
from executor.egress.files import ProjectFiles
from memory.model.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

STYLE = """
:root { color-scheme: light dark }
body { font: 17px/1.6 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; max-width: 46rem;
  margin: 3rem auto; padding: 0 1.2rem; color: #1f2933; background: #fff }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .3rem } h2 { margin-top: 2.2rem }
img { max-width: 100%; height: auto } a { color: #2f6fb3 }
table { border-collapse: collapse; margin: 1.4rem 0; font-variant-numeric: tabular-nums;
  display: block; overflow-x: auto }
th { border-bottom: 2px solid #6b7785 } td { border-bottom: 1px solid #e4e8ed }
th, td { padding: .45rem .9rem; text-align: left }
pre { background: #f4f6f8; padding: .9rem; overflow-x: auto; border-radius: 6px }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid #b4bcc6; color: #52606d }
@media (prefers-color-scheme: dark) { body { color: #e4e8ed; background: #16191d }
  td { border-color: #333a42 } pre { background: #22272d } a { color: #7ab0e6 } }
"""


def parser() -> "MarkdownIt":
    """CommonMark with tables; HTML in the text is shown, not obeyed."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only rendering should pay for it

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def page(text: str, *, title: str, folder: str, files: ProjectFiles) -> bytes:
    """The whole file. `folder` is where relative pictures are looked for."""
    markdown = parser()
    tokens = markdown.parse(text)
    _embed(tokens, folder, files)
    body = markdown.renderer.render(tokens, markdown.options, {})
    safe = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{safe}">\n'
        f'<meta name="viewport" content="width=device-width">\n'
        f"<title>{html.escape(title or heading(text))}</title>\n<style>{STYLE}</style>\n"
        f"</head>\n<body>\n{body}</body>\n</html>\n"
    ).encode()


def heading(text: str) -> str:
    """The first heading's words, or "Report"."""
    tokens = parser().parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            children = tokens[place + 1].children or []
            return "".join(child.content for child in children) or "Report"
    return "Report"


def picture(source: str, folder: str, files: ProjectFiles) -> bytes | None:
    """The bytes of a picture of the project; None where it is elsewhere or not there."""
    path = unquote(source)
    if ":" in path or path.startswith("//"):
        return None
    try:
        return files.read(str(PurePosixPath(folder) / path))
    except BadInput:
        return None


def _embed(tokens: "Sequence[Token]", folder: str, files: ProjectFiles) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type != "image":
                continue
            source = str(child.attrs.get("src", ""))
            data = picture(source, folder, files)
            if data is None:
                child.type, child.children = "text", None
                child.content = f"[picture: {child.content or source}]"
            else:
                code = base64.b64encode(data).decode("ascii")
                child.attrs["src"] = f"data:{media_type(unquote(source))};base64,{code}"
