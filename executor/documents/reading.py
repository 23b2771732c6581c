"""A web page as the text a person would read."""

import re
from typing import TYPE_CHECKING

from executor.data.decoding import decode
from executor.egress.http import Page
from memory.model.errors import BadInput
from memory.model.limits import OUTPUT_BYTES, SENTENCES

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

DROPPED = (
    "script, style, noscript, template, svg, iframe, form, button, nav, header, footer, aside, "
    "[hidden], [aria-hidden=true], dialog"
)
BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "ul", "ol", "table", "tr", "blockquote", "pre",
    "figure", "figcaption", "dl", "dt", "dd", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "li",
    "address", "details", "summary",
})  # fmt: skip
DEPTH = 200
"""Deeper nesting is nobody's text; its words are taken as they stand."""


def readable(page: Page) -> str:
    """Title, address and text. Raises BadInput for what is not text."""
    if page.media_type in {"text/html", "application/xhtml+xml", ""} and _is_markup(page.body):
        title, text = _html(page)
    elif _is_text(page.media_type):
        title, text = "", _decoded(page)
    else:
        raise BadInput(
            "{url} is {media_type}, not text. Name a page of text.",
            url=page.url,
            media_type=page.media_type,
        )
    if not text.strip():
        raise BadInput("{url} has no text that can be read without a browser.", url=page.url)
    head = f"# {title}\n\n" if title else ""
    return _cut(f"{head}Source: {page.url}\n\n{text.strip()}")


def _cut(text: str) -> str:
    data = text.encode()
    if len(data) <= OUTPUT_BYTES:
        return text
    return f"{data[: OUTPUT_BYTES - 200].decode(errors='ignore')}\n\n({SENTENCES['output_bytes']})"


def _is_text(kind: str) -> bool:
    words = ("json", "xml", "yaml", "javascript", "csv", "markdown")
    return not kind or kind.startswith("text/") or any(word in kind for word in words)


def _is_markup(body: bytes) -> bool:
    return b"<" in body[:2000]


def _decoded(page: Page) -> str:
    if page.charset:
        try:
            return page.body.decode(page.charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(page.body, name=page.url).text


def _html(page: Page) -> tuple[str, str]:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - only pages should pay for it

    tree = LexborHTMLParser(_decoded(page))
    node = tree.css_first("title")
    title = " ".join(node.text().split()) if node is not None else ""
    for unread in tree.css(DROPPED):
        unread.decompose()
    root = tree.css_first("article") or tree.css_first("main") or tree.body
    if root is None:
        return title, ""
    if tree.body is not None and len(root.text()) < len(tree.body.text()) // 4:
        root = tree.body  # an <article> that is but a teaser
    out: list[str] = []
    _walk(root, out, 0)
    text = re.sub(r"[ \t\xa0]+", " ", "".join(out))
    text = re.sub(r" *\n *", "\n", text)
    return title, re.sub(r"\n{3,}", "\n\n", text).strip()


def _walk(node: "LexborNode", out: list[str], depth: int) -> None:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            out.append(re.sub(r"\s+", " ", child.text(deep=False) or ""))
        elif depth > DEPTH or tag == "pre":
            out.append(f"\n\n{child.text()}\n\n")
        else:
            out.append(_before(tag))
            _walk(child, out, depth + 1)
            out.append(_after(tag))


def _before(tag: str) -> str:
    if re.fullmatch(r"h[1-6]", tag):
        return f"\n\n{'#' * min(int(tag[1]) + 1, 6)} "
    return {"li": "\n- ", "tr": "\n", "br": "\n"}.get(tag, "\n\n" if tag in BLOCKS else "")


def _after(tag: str) -> str:
    if tag in {"td", "th"}:
        return " | "
    return "\n\n" if tag in BLOCKS and tag not in {"li", "tr", "br"} else ""
