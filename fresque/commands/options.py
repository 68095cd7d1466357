"""Options that many commands share, each written once."""

from __future__ import annotations

import click

with_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
with_author = click.option("--author", default="", help="Who says so.")
with_doer = click.option("--author", default="", help="Who does it.")
