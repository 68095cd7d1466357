"""Files as people bring them: pictures with EXIF, PDF, slides, minutes; drawn and written here."""

from __future__ import annotations

import io

import docx
import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageDraw, ImageFont, TiffImagePlugin
from pptx import Presentation
from pptx.util import Cm

PLACE = {1: "N", 2: (47.0, 13.0, 6.5), 3: "W", 4: (1.0, 33.0, 12.25), 29: "2024:03:05"}
"""GPS: Nantes, with the date."""


def exif() -> Image.Exif:
    made = Image.Exif()
    made[ExifTags.Base.Make] = "Camera"
    made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2024:03:05 10:15:30"
    made.get_ifd(ExifTags.IFD.GPSInfo).update(PLACE)
    return made


def wall(seed: int = 0, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A wall of notes at places of its own."""
    dice = np.random.default_rng(seed)
    image = Image.new("RGB", size, (205, 205, 198))
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = int(dice.integers(0, size[0] - 90)), int(dice.integers(0, size[1] - 90))
        colour = tuple(int(v) for v in dice.integers(60, 255, 3))
        draw.rectangle((x, y, x + int(dice.integers(50, 160)), y + int(dice.integers(50, 130))), fill=colour)
    return image


def picture(kind: str, seed: int = 0) -> bytes:
    """``kind``: as Pillow names formats, with EXIF and its place."""
    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    if kind == "TIFF":  # whose own directory is its EXIF
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[ExifTags.Base.Make] = "Camera"
        tags[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2024:03:05 10:15:30"}
        tags[ExifTags.IFD.GPSInfo] = PLACE
        wall(seed).save(buffer, kind, tiffinfo=tags)
    else:
        wall(seed).save(buffer, kind, exif=exif())
    return buffer.getvalue()


def text_pdf(*pages: str) -> bytes:
    """A PDF that carries its own text; written by hand, so that no PDF library is both maker and judge."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for text in pages:
        lines = "".join(f"({line}) Tj 0 -20 Td " for line in text.split("\n"))
        stream = f"BT /F1 14 Tf 60 700 Td {lines}ET".encode("latin-1")
        content = len(objects) + 1
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 "
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >> >>" % content
        )
        kids.append(b"%d 0 R" % (content + 1))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), b" ".join(kids))
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(data)


def scanned_pdf(*words: str) -> bytes:
    """One page a word, each nothing but a picture of the word."""
    pages = []
    for word in words:
        page = Image.new("RGB", (1240, 1754), (252, 252, 250))
        ImageDraw.Draw(page).text((120, 300), word, fill=(20, 20, 60), font=ImageFont.load_default(size=130))
        pages.append(page)
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return buffer.getvalue()


def slides(*texts: str) -> bytes:
    presentation = Presentation()
    for text in texts:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        slide.shapes.add_textbox(Cm(2), Cm(2), Cm(20), Cm(5)).text_frame.text = text
    presentation.slides[0].notes_slide.notes_text_frame.text = "note de l'orateur"
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def minutes(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "qui", "quand"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
