"""PowerPoint by python-pptx: each board a slide, its sticky notes as real shapes that can be moved and written in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from archive.model import Phase
from fresque.report import pictures, view
from fresque.report.job import Job
from fresque.report.model import Box, PlacedLine, PlacedRegion, Sheet

WIDTH, HEIGHT = 13.333, 7.5  # inches, 16:9
MARGIN, HEAD = 0.5, 1.15
NOTES_POINTS = 12.0
INCH = 914_400  # English metric units


def write(job: Job, place: Path) -> None:
    from pptx import Presentation

    deck = Presentation()
    deck.slide_width, deck.slide_height = _emu(WIDTH), _emu(HEIGHT)
    deck.core_properties.title = job.report.title
    deck.core_properties.author = job.template.name or "Fresque"
    deck.core_properties.language = job.report.language
    slides = _Slides(deck, job)
    slides.cover()
    for phase, sheets in job.report.by_phase():
        slides.phase(phase, len(sheets))
        for sheet in sheets:
            slides.picture(sheet)
            if sheet.notes:
                slides.notes(sheet)
            job.advance()
    if job.report.actions:
        slides.actions()
    deck.save(str(place))


class _Slides:
    def __init__(self, deck: Any, job: Job) -> None:
        self._deck = deck
        self._job = job
        self._title_only = deck.slide_layouts[5]
        self._cover = deck.slide_layouts[0]

    def cover(self) -> None:
        from pptx.enum.text import PP_ALIGN

        slide = self._deck.slides.add_slide(self._cover)
        slide.shapes.title.text = self._job.report.title
        slide.placeholders[1].text = self._job.report.subtitle
        self._place(slide.shapes.title, Box(MARGIN, 2.0, WIDTH - 2 * MARGIN, 1.6))
        self._place(slide.placeholders[1], Box(MARGIN, 3.7, WIDTH - 2 * MARGIN, 1.2))
        for shape, size in ((slide.shapes.title, 40), (slide.placeholders[1], 18)):
            for paragraph in shape.text_frame.paragraphs:
                paragraph.alignment, paragraph.font.size = PP_ALIGN.LEFT, _pt(size)
        if self._job.template.logo:
            slide.shapes.add_picture(str(self._job.template.logo), _emu(MARGIN), _emu(MARGIN), height=_emu(0.9))

    def phase(self, phase: Phase, count: int) -> None:
        slide = self._titled(self._job.say.phase(phase), phase, size=40)
        self._place(slide.shapes.title, Box(MARGIN, 2.8, WIDTH - 2 * MARGIN, 1.0))
        self._text(slide, Box(MARGIN, 3.8, 6, 0.6), self._job.say["board_count"].format(n=count), 18)

    def picture(self, sheet: Sheet) -> None:
        slide = self._titled(sheet.title or self._job.say["nothing_read"], sheet.phase)
        image = pictures.clean_jpeg(self._job.archive, sheet.board)
        room = Box(MARGIN, HEAD, WIDTH - 2 * MARGIN, HEIGHT - HEAD - 0.55)
        scale = min(room.width / sheet.width, room.height / sheet.height)
        wide, high = sheet.width * scale, sheet.height * scale
        shape = slide.shapes.add_picture(BytesIO(image), _emu((WIDTH - wide) / 2), _emu(room.y), _emu(wide), _emu(high))
        described = view.sheet(sheet, self._job.say, self._job.template)
        shape._element._nvXxPr.cNvPr.set("descr", described["alt"])
        self._foot(slide, " · ".join(x for x in (described["meta"], sheet.rights) if x))
        _write(slide.notes_slide.notes_text_frame, sheet.lines, "\v", NOTES_POINTS)

    def notes(self, sheet: Sheet) -> None:
        """The wall again, as shapes: notes where they hang, blocks of text as text boxes."""
        title = f"{sheet.title or self._job.say['nothing_read']} – {self._job.say['notes'].lower()}"
        slide = self._titled(title, sheet.phase)
        room = Box(MARGIN, HEAD, WIDTH - 2 * MARGIN, HEIGHT - HEAD - 0.55)
        scale = min(room.width / sheet.width, room.height / sheet.height)
        left = (WIDTH - sheet.width * scale) / 2
        for region in sheet.on_picture:
            box = Box(
                left + region.box.x * scale,
                room.y + region.box.y * scale,
                max(0.25, region.box.width * scale),
                max(0.18, region.box.height * scale),
            )
            if region.is_note:
                self._note(slide, region, box)
            elif region.lines:
                frame = self._text(slide, box, "", _points(box, region))
                _write(frame, region.lines, "\v", _points(box, region))
        self._foot(slide, sheet.rights)

    def actions(self) -> None:
        say = self._job.say
        rows = self._job.report.actions
        for start in range(0, len(rows), 10):
            some = rows[start : start + 10]
            slide = self._titled(say["actions"], Phase.ACT)
            shape = slide.shapes.add_table(
                len(some) + 1, 3, _emu(MARGIN), _emu(HEAD + 0.1), _emu(WIDTH - 2 * MARGIN), _emu(0.4 * (len(some) + 1))
            )
            cells = [(say["owner"], say["action"], say["due"]), *((a.owner, a.text, a.due) for a in some)]
            for r, row in enumerate(cells):
                for c, value in enumerate(row):
                    shape.table.cell(r, c).text = value
                    shape.table.cell(r, c).text_frame.paragraphs[0].font.size = _pt(14)
            for c, width in enumerate((2.6, 7.4, 2.333)):
                shape.table.columns[c].width = _emu(width)

    # --- pieces ---

    def _titled(self, title: str, phase: Phase, size: int = 26) -> Any:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        slide = self._deck.slides.add_slide(self._title_only)
        shape = slide.shapes.title
        shape.text = title
        self._place(shape, Box(MARGIN, 0.3, WIDTH - 2 * MARGIN, 0.7))
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.font.size, paragraph.font.bold = _pt(size), True
        paragraph.font.color.rgb = _rgb(self._job.template.colours.of_phase(phase.value))
        return slide

    def _note(self, slide: Any, region: PlacedRegion, box: Box) -> None:
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.enum.text import MSO_ANCHOR

        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(_emu, (box.x, box.y, box.width, box.height)))
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(view.fill(region.colour))
        shape.line.fill.background()
        shape.name = f"note {self._job.say.colour(region.colour)}".strip()
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = _emu(0.04)
        _write(frame, region.lines, " ", _points(box, region))
        for paragraph in frame.paragraphs:
            paragraph.font.color.rgb = _rgb("#111111")

    def _text(self, slide: Any, box: Box, text: str, points: float) -> Any:
        shape = slide.shapes.add_textbox(*map(_emu, (box.x, box.y, box.width, box.height)))
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.text = text
        for paragraph in frame.paragraphs:
            paragraph.font.size = _pt(points)
        return frame

    def _foot(self, slide: Any, text: str) -> None:
        if text:
            self._text(slide, Box(MARGIN, HEIGHT - 0.42, WIDTH - 2 * MARGIN, 0.3), text, 10)

    def _place(self, shape: Any, box: Box) -> None:
        shape.left, shape.top, shape.width, shape.height = map(_emu, (box.x, box.y, box.width, box.height))


def _write(frame: Any, lines: Sequence[PlacedLine], between: str, points: float) -> None:
    """Lines in one paragraph, what is doubtful of them dotted; ``between`` two lines a space or a break (\\v)."""
    from pptx.enum.text import MSO_UNDERLINE

    paragraph = frame.paragraphs[0]
    paragraph.font.size = _pt(points)
    for n, line in enumerate(lines):
        if n and between == "\v":
            paragraph.add_line_break()
        for m, (text, doubtful) in enumerate(line.runs()):
            run = paragraph.add_run()
            run.text = f" {text}" if m or (n and between == " ") else text
            if doubtful:
                run.font.underline = MSO_UNDERLINE.DOTTED_LINE


def _emu(inches: float) -> Any:
    from pptx.util import Emu

    return Emu(round(inches * INCH))


def _rgb(colour: str) -> Any:
    """#rrggbb as python-pptx wants it."""
    from pptx.dml.color import RGBColor

    found: Any = RGBColor
    return found.from_string(colour[1:].upper())


def _pt(points: float) -> int:
    return round(points * 12_700)


def _points(box: Box, region: PlacedRegion) -> float:
    """A size at which the text stays in its box: letters are about 0.6 as wide as high, lines 1.25 apart, and the
    longest word must fit across."""
    words = region.text.split()
    letters = max(1, sum(len(word) + 1 for word in words))
    area = box.width * box.height * 72 * 72
    by_area = 0.85 * math.sqrt(area / (letters * 0.6 * 1.25))
    across = 0.9 * box.width * 72 / (0.62 * max(map(len, words), default=1))
    return max(6.0, min(28.0, by_area, across))
