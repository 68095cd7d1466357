"""A lab's template: what is wrong in it is said with what could stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import UsageError
from fresque.report import template


def test_a_whole_template_is_read(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    file = tmp_path / "lab.toml"
    file.write_text(
        'name = "Lab"\nlogo = "logo.svg"\nfooter = "f"\npurpose = "p"\nsections = ["boards"]\n'
        '[colours]\naccent = "#112233"\n'
    )
    found = template.load(file)
    assert (found.name, found.footer, found.purpose, found.sections) == ("Lab", "f", "p", ("boards",))
    assert found.logo == tmp_path / "logo.svg"
    assert (found.colours.accent, found.colours.scan) == ("#112233", template.Colours().scan)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "lab.toml"),
        ('nom = "x"', "no setting 'nom'"),
        ('logo = "missing.png"', "missing.png is not there"),
        ('sections = ["couverture"]', "sections may be"),
        ('[colours]\naccent = "red"', "the colour accent is 'red'"),
        ('[colours]\nink = "#000000"', "colours may be"),
    ],
)
def test_what_cannot_be_used_is_said(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "lab.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=said):
        template.load(file)
