"""Every format opened again by a reader that is not ours, and held against the boards that are known."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from archive.errors import UsageError
from fresque.commands.export import FORMATS as OFFERED
from fresque.report import formats
from fresque.report.job import Job
from fresque.report.template import Template
from tests.fresque.report.conftest import MARKUP, SIZE

WORDS = ("Irritants des usagers", MARKUP, "guichet unique", "médiateur")


def written(job: Job, name: str, out: Path) -> Path:
    place = out / formats.default_name(job, name)
    assert formats.write(job, name, place) == place
    return place


def test_the_command_offers_every_format() -> None:
    assert tuple(formats.FORMATS) == OFFERED


def test_an_unknown_format_is_said(job: Job, out: Path) -> None:
    with pytest.raises(UsageError, match="no format 'xyz'"):
        formats.write(job, "xyz", out)


@pytest.mark.parametrize("name", ["html", "svg"])
def test_a_file_where_a_folder_is_wanted_is_said(name: str, job: Job, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(UsageError, match="taken is a file"):
        formats.write(job, name, tmp_path / "taken")


@pytest.mark.parametrize("name", formats.FORMATS)
def test_each_has_a_name_of_its_own(name: str, job: Job) -> None:
    names = [formats.default_name(job, other) for other in formats.FORMATS]
    assert names.count(formats.default_name(job, name)) == 1


@pytest.mark.parametrize("name", ["pdf", "pdf-wide"])
def test_pdf_holds_boards_text_and_tags(name: str, job: Job, out: Path) -> None:
    import pikepdf
    import pypdfium2

    place = written(job, name, out)
    document = pypdfium2.PdfDocument(place)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    flat = " ".join(text.split())
    assert all(word in flat for word in (*WORDS, "Karim", "appeler la mairie", "un guichet par commune"))
    with pikepdf.open(place) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "fr"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:subject"] == {"parentalité"}
            assert metadata["dc:contributor"] == {"Amina Diallo"}
            assert metadata["dc:title"] == job.report.title
        assert "/StructTreeRoot" in pdf.Root
        size = [float(v) for v in pdf.pages[0].MediaBox]
        assert (size[2] > size[3]) == (name == "pdf-wide")
        assert not _fonts_not_embedded(pdf)
        streams = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
        found = sorted((int(o.Width), int(o.Height)) for o in streams)
        boards, thumbs = 3, 3
        assert found == sorted([SIZE] * boards + [(160, 120)] * thumbs), "a stand-in was left"
        for stream in streams:
            assert Image.open(BytesIO(stream.read_raw_bytes())).size == (int(stream.Width), int(stream.Height))


def _fonts_not_embedded(pdf: Any) -> list[str]:
    missing = []
    for page in pdf.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            for descendant in font.get("/DescendantFonts", [font]):
                descriptor = descendant.get("/FontDescriptor", {})
                if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                    missing.append(str(font.BaseFont))
    return missing


def test_pdfa_says_what_it_is_and_text_lies_where_it_was_written(job: Job, out: Path) -> None:
    import pikepdf
    import pypdfium2

    folder = written(job, "pdfa", out)
    place = folder / f"{job.report.sheets[0].board.id}.pdf"
    with pikepdf.open(place) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"
        assert metadata["dc:language"] == {"fr"}
        assert metadata["dc:identifier"] == job.report.sheets[0].board.id
        assert metadata["dc:date"] == ["2025-11-04T10:30:00+00:00"]
        width, height = (float(v) for v in pdf.pages[0].MediaBox[2:])
    document = pypdfium2.PdfDocument(place)
    page = document[0]
    textpage = page.get_textpage()
    left, bottom, right, top = textpage.get_charbox(0)
    document.close()
    scale = width / SIZE[0]
    assert left / scale == pytest.approx(50, abs=8)  # the first letter of the line at (50, 40), 50 high
    assert (height - top) / scale == pytest.approx(45, abs=15)
    assert right > left
    assert top > bottom


def test_html_is_offline_and_escapes_what_was_read(job: Job, out: Path) -> None:
    folder = written(job, "html", out)
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;amp; *gras* #1&lt;/b&gt;" in page
    assert "<b>&amp;" not in page
    assert "<script" not in page
    sources = [part.split('"')[0] for part in page.split('src="')[1:]]
    assert sources
    assert all((folder / source).is_file() for source in sources)
    assert 'name="DCTERMS.title"' in page


def test_powerpoint_has_movable_notes_in_their_colours(job: Job, out: Path) -> None:
    from pptx import Presentation
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    deck = Presentation(str(written(job, "pptx", out)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    notes = {s.text_frame.text: s for s in shapes if s.name.startswith("note ")}
    assert set(notes) == {"guichet unique", "=SOMME(A1)", "médiateur"}
    assert str(notes["guichet unique"].fill.fore_color.rgb) == "FFF0A0"
    assert notes["médiateur"].left > notes["=SOMME(A1)"].left > notes["guichet unique"].left
    assert notes["médiateur"].top > notes["guichet unique"].top
    pictures = [s for s in shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(pictures) == 3
    assert all(s._element._nvXxPr.cNvPr.get("descr") for s in pictures)
    assert any(MARKUP in slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide)


def test_word_has_headings_pictures_and_text(job: Job, out: Path) -> None:
    from docx import Document

    document = Document(str(written(job, "docx", out)))
    text = "\n".join(p.text for p in document.paragraphs)
    assert all(word in text for word in WORDS)
    assert [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"][:2] == [
        "SCAN – explorer",
        "FOCUS – concevoir",
    ]
    assert len(document.inline_shapes) == 3


def test_markdown_means_what_was_read(job: Job, out: Path) -> None:
    text = (written(job, "md", out) / "report.md").read_text(encoding="utf-8")
    assert r"\<b\>&amp; \*gras\* \#1\</b\>" in text
    assert "peut\\-être illisible *(?)*" in text


def test_csv_is_a_table_without_formulas(job: Job, out: Path) -> None:
    with written(job, "csv", out).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    notes = [row for row in rows if row["kind"] == "note"]
    assert [(n["text"], n["colour"], n["cluster"]) for n in notes] == [
        ("guichet unique", "yellow", "1"),
        ("'=SOMME(A1)", "pink", "1"),
        ("médiateur", "blue", ""),
    ]
    assert (notes[0]["x"], notes[0]["y"], notes[0]["width"]) == ("50", "100", "120")


def test_json_has_places_and_dublin_core(job: Job, out: Path) -> None:
    found = json.loads(written(job, "json", out).read_text(encoding="utf-8"))
    assert found["dublin_core"]["creator"] == ["Nantes"]
    line = found["boards"][0]["regions"][0]["lines"][0]
    assert (line["text"], line["polygon"][0]) == ("Irritants des usagers", [50.0, 40.0])


def test_svg_has_notes_and_text_as_objects(job: Job, out: Path) -> None:
    root = ET.parse(written(job, "svg", out) / f"{job.report.sheets[1].board.id}.svg").getroot()
    ns = {"s": "http://www.w3.org/2000/svg"}
    notes = root.findall(".//s:g[@id='notes']/s:g", ns)
    assert [n.get("data-colour") for n in notes] == ["yellow", "pink", "blue"]
    assert [n.findtext("s:text", namespaces=ns) for n in notes] == ["guichet unique", "=SOMME(A1)", "médiateur"]
    polygon = notes[0].find("s:polygon", ns)
    assert polygon is not None
    assert polygon.get("points", "").split()[0] == "50.0,100.0"


def test_excalidraw_binds_text_to_notes(job: Job, out: Path) -> None:
    file = written(job, "excalidraw", out) / f"{job.report.sheets[1].board.id}.excalidraw"
    scene = json.loads(file.read_text(encoding="utf-8"))
    by_id = {e["id"]: e for e in scene["elements"]}
    assert len(by_id) == len(scene["elements"])
    papers = [e for e in scene["elements"] if e["type"] == "rectangle"]
    assert len(papers) == 3
    for paper in papers:
        (bound,) = paper["boundElements"]
        assert by_id[bound["id"]]["containerId"] == paper["id"]
    assert scene["files"]["photo"]["dataURL"].startswith("data:image/jpeg;base64,")


def test_hocr_has_words_inside_their_lines(job: Job, out: Path) -> None:
    root = ET.parse(written(job, "hocr", out) / f"{job.report.sheets[0].board.id}.hocr.html").getroot()
    ns = {"h": "http://www.w3.org/1999/xhtml"}
    lines = root.findall(".//h:span[@class='ocr_line']", ns)
    assert _bbox(lines[0]) == (50, 40, 450, 90)
    for line in lines:
        outer = _bbox(line)
        for word in line.findall("h:span", ns):
            inner = _bbox(word)
            assert outer[0] <= inner[0] < inner[2] <= outer[2]
            assert outer[1] <= inner[1] < inner[3] <= outer[3]
    assert [w.text for w in lines[0].findall("h:span", ns)] == ["Irritants", "des", "usagers"]


def _bbox(element: ET.Element) -> tuple[int, ...]:
    parts = element.get("title", "").split(";")[0].split()
    assert parts[0] == "bbox"
    return tuple(map(int, parts[1:]))


def test_alto_has_words_with_places_and_confidence(job: Job, out: Path) -> None:
    root = ET.parse(written(job, "alto", out) / f"{job.report.sheets[0].board.id}.alto.xml").getroot()
    ns = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
    strings = root.findall(".//a:TextLine[1]/a:String", ns)
    assert [s.get("CONTENT") for s in strings[:3]] == ["Irritants", "des", "usagers"]
    assert (strings[0].get("HPOS"), strings[0].get("VPOS"), strings[0].get("WC")) == ("50", "40", "0.950")
    assert len(root.findall(".//a:TextLine", ns)[0].findall("a:SP", ns)) == 2
    ids = [e.get("ID") for e in root.iter() if e.get("ID")]
    assert len(ids) == len(set(ids))


def test_a_lab_chooses_sections_and_colours(job: Job, out: Path) -> None:
    template = Template(name="Lab de Nantes", footer="Ne pas diffuser", sections=("cover", "people"))
    chosen = Job(job.report, job.archive, template)
    page = (written(chosen, "html", out) / "index.html").read_text(encoding="utf-8")
    assert "Amina Diallo" in page
    assert "<article" not in page
