"""fresque cards: marker cards to print."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("session_id", metavar="[SESSION]", required=False)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("cards.pdf"), show_default=True)
@click.pass_obj
def cards(archive: str | None, session_id: str | None, out: Path) -> None:
    """Print a PDF of cards that say, in a photo, where a board ends and of which session and phase it is.

    Four corner cards, and a card for each phase. Without SESSION the phase cards name the phase only. Boards without
    cards are found and tagged as ever.

    \b
    Example:
      fresque cards conge-parental --out cartes.pdf
    """
    from fresque import cards as printing

    session = None
    if session_id is not None:
        from fresque.app import App

        with App.open(archive) as app:
            session = app.archive.catalog.session(session_id)
    out.write_bytes(printing.pdf(session))
    click.echo(f"{out}: print it at 100 %, on matt paper.")
