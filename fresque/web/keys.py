"""How ids stand in the routes' addresses (see ``fresque.addresses``)."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

from fresque.addresses import from_path
from fresque.addresses import to_path as to_path


class KeyConvertor(Convertor[str]):
    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return from_path(value)

    def to_string(self, value: str) -> str:
        return value.replace("~", "~0").replace("/", "~1")


register_url_convertor("key", KeyConvertor())
