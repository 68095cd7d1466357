"""Dublin Core in a PDF's XMP packet, beside what Typst writes there (title, author, description, keywords)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

KINDS: dict[str, Any] = {
    "contributor": set,
    "date": list,
    "identifier": " ".join,
    "language": set,
    "rights": " · ".join,
    "source": " · ".join,
    "subject": set,
    "type": set,
}
"""What XMP's Dublin Core schema asks (Bag, Seq, or one text); DCMI terms it does not know are left out."""


def put(pdf: Any, elements: Mapping[str, Sequence[str]]) -> None:
    """Into an open ``pikepdf.Pdf``."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as packet:
        for name, values in elements.items():
            if name in KINDS:
                packet[f"dc:{name}"] = KINDS[name](values)
