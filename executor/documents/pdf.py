"""Markdown to PDF: one pass over the tokens, DejaVu fonts, pictures and tables."""

import io
import logging
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from executor.documents.html import heading, parser, picture
from executor.egress.files import ProjectFiles
from memory.model.errors import Misconfigured

if TYPE_CHECKING:
    from fpdf import FPDF
    from markdown_it.token import Token

INK, SOFT, LINE, LINK = (31, 41, 51), (107, 119, 133), (210, 216, 223), (47, 111, 179)
BODY_PT, LINE_MM, INDENT_MM = 10.5, 5.6, 6.0
PICTURE_MM = 120
HEADINGS_PT = {"h1": 20, "h2": 15, "h3": 12.5}
FACES = {
    ("Sans", ""): "DejaVuSans.ttf",
    ("Sans", "B"): "DejaVuSans-Bold.ttf",
    ("Sans", "I"): "DejaVuSans-Oblique.ttf",
    ("Sans", "BI"): "DejaVuSans-BoldOblique.ttf",
    ("Mono", ""): "DejaVuSansMono.ttf",
}


def document(text: str, *, title: str, folder: str, files: ProjectFiles) -> bytes:
    """The PDF, A4. Blocking. `folder` is where relative pictures are looked for."""
    from fpdf import FPDF  # noqa: PLC0415 - only rendering should pay for it

    logging.getLogger("fpdf").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    pdf = FPDF(format="A4")
    for (family, style), name in FACES.items():
        pdf.add_font(family, style, _fonts() / name)
    pdf.set_margins(22, 20, 22)
    pdf.set_auto_page_break(auto=True, margin=20)
    pdf.set_title(title or heading(text))
    pdf.add_page()
    _Writer(pdf, folder, files).blocks(parser().parse(text))
    return bytes(pdf.output())


def _fonts() -> Path:
    spec = find_spec("matplotlib")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        return Path(place) / "mpl-data" / "fonts" / "ttf"
    raise Misconfigured("The fonts for PDF come with matplotlib, which isn't installed.")


class _Writer:
    """Walks the tokens once, keeping indent, list numbers and the font's style."""

    def __init__(self, pdf: "FPDF", folder: str, files: ProjectFiles) -> None:
        self._pdf = pdf
        self._folder = folder
        self._files = files
        self._left = pdf.l_margin
        self._lists: list[int | None] = []
        self._size = BODY_PT
        self._bold = False
        self._quoted = 0

    def blocks(self, tokens: "Sequence[Token]") -> None:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "table_open":
                end = next(n for n in range(place, len(tokens)) if tokens[n].type == "table_close")
                self._table(tokens[place:end])
                place = end
            elif token.type == "inline":
                self._inline(token.children or [])
            elif token.type in {"fence", "code_block"}:
                self._code(token.content)
            elif token.type == "hr":
                self._rule()
            elif token.nesting:
                self._edge(token)
            place += 1

    def _edge(self, token: "Token") -> None:
        """The beginning or end of a heading, paragraph, list, item or quotation."""
        opens = token.nesting > 0
        match token.type.rpartition("_")[0]:
            case "heading":
                self._heading(token.tag, opens=opens)
            case "paragraph" if not opens:
                self._pdf.ln(LINE_MM if token.hidden else LINE_MM + 2.4)
            case "bullet_list" | "ordered_list" as kind:
                self._list(
                    ordered=kind == "ordered_list", opens=opens, start=token.attrs.get("start", 1)
                )
            case "list_item" if opens:
                self._item()
            case "blockquote":
                self._quoted += token.nesting
                self._indent(INDENT_MM * token.nesting)

    def _heading(self, tag: str, *, opens: bool) -> None:
        if opens:
            if self._pdf.get_y() > self._pdf.t_margin + 1:
                self._pdf.ln(3.5)
            if self._pdf.will_page_break(28):
                self._pdf.add_page()
        else:
            self._pdf.ln(self._size * 0.5 + 2.2)
        self._size = HEADINGS_PT.get(tag, 11) if opens else BODY_PT
        self._bold = opens

    def _list(self, *, ordered: bool, opens: bool, start: object) -> None:
        if opens:
            self._lists.append(int(str(start)) if ordered else None)
            self._indent(INDENT_MM)
        else:
            self._lists.pop()
            self._indent(-INDENT_MM)
            if not self._lists:
                self._pdf.ln(2)

    def _item(self) -> None:
        number = self._lists[-1]
        if number is not None:
            self._lists[-1] = number + 1
        self._font("Sans", "")
        self._pdf.set_x(self._left - INDENT_MM + 0.8)
        self._pdf.cell(INDENT_MM - 0.8, LINE_MM, "•" if number is None else f"{number}.")
        self._pdf.set_x(self._left)

    def _indent(self, by: float) -> None:
        self._left += by
        self._pdf.set_left_margin(self._left)
        self._pdf.set_x(self._left)

    def _font(self, family: str, style: str) -> None:
        self._pdf.set_font(family, style if family == "Sans" else "", self._size)
        self._pdf.set_text_color(*(SOFT if self._quoted else INK))

    def _inline(self, children: "Sequence[Token]") -> None:
        depth, link = {"strong": 0, "em": 0}, ""
        for child in children:
            match child.type.partition("_")[0]:
                case "strong" | "em" as mark:
                    depth[mark] += child.nesting
                case "link":
                    link = str(child.attrs.get("href", "")) if child.nesting > 0 else ""
                case "softbreak":
                    self._pdf.write(self._height, " ")
                case "hardbreak":
                    self._pdf.write(self._height, "\n")
                case "image":
                    self._picture(str(child.attrs.get("src", "")), child.content)
                case kind if child.content:
                    bold = self._bold or depth["strong"] > 0
                    self._font(_family(kind), "B" * bold + "I" * (depth["em"] > 0))
                    self._words(child.content, link)

    def _words(self, words: str, link: str) -> None:
        if link:
            self._pdf.set_text_color(*LINK)
        self._pdf.write(self._height, words, link if "://" in link else "")

    @property
    def _height(self) -> float:
        return max(LINE_MM, self._size * 0.5)

    def _picture(self, source: str, words: str) -> None:
        data = picture(source, self._folder, self._files)
        if data is None:
            self._font("Sans", "I")
            self._pdf.write(LINE_MM, f"[picture: {words or source}]")
            return
        from PIL import Image  # noqa: PLC0415 - comes with fpdf, see document()

        room = self._pdf.w - self._left - self._pdf.r_margin
        try:
            with Image.open(io.BytesIO(data)) as opened:
                wide, high = opened.size
            width = min(room, PICTURE_MM * wide / high)
            self._pdf.image(io.BytesIO(data), x=self._left, w=width)
        except (OSError, ValueError):  # what Pillow and fpdf say of a broken picture
            self._pdf.write(LINE_MM, f"[picture: {words or source}]")

    def _code(self, text: str) -> None:
        self._font("Mono", "")
        self._pdf.set_font_size(8.5)
        self._pdf.set_fill_color(244, 246, 248)
        self._pdf.multi_cell(
            0, 4.4, text.rstrip("\n") or " ", fill=True, padding=2, new_x="LMARGIN", new_y="NEXT"
        )
        self._pdf.ln(3)

    def _rule(self) -> None:
        self._pdf.set_draw_color(*LINE)
        y = self._pdf.get_y() + 1
        self._pdf.line(self._left, y, self._pdf.w - self._pdf.r_margin, y)
        self._pdf.ln(4)

    def _table(self, tokens: "Sequence[Token]") -> None:
        from fpdf.enums import TableBordersLayout  # noqa: PLC0415 - see document()
        from fpdf.fonts import FontFace  # noqa: PLC0415 - see document()

        rows, sides = _cells(tokens)
        self._font("Sans", "")
        self._pdf.set_font_size(9.5)
        self._pdf.set_draw_color(*LINE)
        with self._pdf.table(
            rows=(),
            text_align=tuple(sides),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", color=INK),
            line_height=5.4,
            padding=1.2,
            col_widths=tuple(_widths(rows)),
            markdown=False,
        ) as table:
            for cells in rows:
                row = table.row()
                for words, bold in cells:
                    row.cell(words, style=FontFace(emphasis="BOLD") if bold else None)
        self._pdf.ln(4)


def _family(kind: str) -> str:
    return "Mono" if kind == "code" else "Sans"


def _cells(tokens: "Sequence[Token]") -> tuple[list[list[tuple[str, bool]]], list[str]]:
    """The rows as (words, whether bold), and each column's side."""
    rows: list[list[tuple[str, bool]]] = []
    sides: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            sides.append("RIGHT" if "right" in str(token.attrs.get("style", "")) else "LEFT")
        elif token.type == "inline":
            children = token.children or []
            words = "".join(child.content for child in children if child.type != "image")
            rows[-1].append((words, any(child.type == "strong_open" for child in children)))
    return rows, sides


def _widths(rows: Sequence[Sequence[tuple[str, bool]]]) -> list[int]:
    """A share for each column by its longest cell, so that a long text does not starve the rest."""
    columns = zip(*rows, strict=False)
    return [min(max((len(words) for words, _ in column), default=1), 48) + 4 for column in columns]
