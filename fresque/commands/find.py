"""Finding and setting right: `search`, `show`, `tag`, `index`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import BadQuery, UsageError
from archive.model import Board, CorrectionField, Hit, Phase
from fresque import contract
from fresque.commands.options import with_author, with_doer, with_json
from fresque.steps import WORDS, step_of
from fresque.terminal import echo_json, progress, table

if TYPE_CHECKING:
    from fresque.app import App
    from index.engine import Mode, Results


@click.command()
@click.argument("query", required=False)
@click.option(
    "--queries", type=click.Path(path_type=Path, exists=True, dir_okay=False), help='A file of {"id", "query"}.'
)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--mode", default="hybrid", show_default=True, type=click.Choice(["hybrid", "text", "meaning"]))
@with_json
@click.pass_obj
def search(archive: str | None, query: str | None, queries: Path | None, limit: int, mode: Mode, as_json: bool) -> None:
    """Find boards and texts by word, by letters and by meaning.

    Fields narrow: phase:act lab:nantes type:codesign après:2019 couleur:jaune; "quotes" keep words together.

    \b
    Example:
      fresque search "perdus devant l'ordinateur"
      fresque search 'illectronisme phase:scan' --json
    """
    from fresque.app import App

    if (query is None) == (queries is None):
        raise UsageError("give one query, or a file of them with --queries", "fresque search --help shows both")
    with App.open(archive) as app:
        app.refresh()
        if queries is not None:
            _search_many(app, queries, limit, mode)
            return
        results = app.search(query or "", limit, mode)
        if as_json:
            echo_json(_results_object(query or "", results))
        else:
            _print_results(app, results)


def _search_many(app: App, file: Path, limit: int, mode: Mode) -> None:
    """One object a line and query, in one process; a query that cannot be understood gives its error in its place."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        item = json.loads(line)
        try:
            found = _results_object(item["query"], app.search(item["query"], limit, mode))
        except BadQuery as error:
            found = {"query": item["query"], "took_ms": 0, "total": 0, "hits": [], "error": str(error)}
        echo_json({"id": item.get("id")} | found)


def _results_object(query: str, results: Results) -> dict[str, Any]:
    return {
        "query": query,
        "took_ms": round(results.took_ms, 1),
        "total": results.total,
        "hits": [contract.hit_object(hit) for hit in results.hits],
    }


def _print_results(app: App, results: Results) -> None:
    if results.suggestion:
        click.echo(f"Did you mean: {results.suggestion}")
    if not results.hits:
        click.echo("Nothing found. Try other words, fewer words, or --mode meaning.")
        return
    table(
        ("", "id", "session", "phase", "photo", "why", "text"),
        [
            (
                str(number),
                hit.id,
                hit.session_id or "",
                hit.phase or "",
                app.file_name(hit),
                _why(hit),
                hit.snippet[:60],
            )
            for number, hit in enumerate(results.hits, start=1)
        ],
    )


def _why(hit: Hit) -> str:
    words = {"text": "words", "ngrams": "letters", "meaning": "meaning"}
    return ", ".join(f"{words.get(name, name)} {value:.2f}" for name, value in hit.why.items() if value > 0)


@click.command()
@click.argument("board_id", metavar="BOARD")
@with_json
@click.pass_obj
def show(archive: str | None, board_id: str, as_json: bool) -> None:
    """Show a board: its session, phase with evidence, and the text read.

    \b
    Example:
      fresque show 7K3QZP
    """
    from fresque.app import App

    with App.open(archive) as app:
        board = app.archive.catalog.board(board_id)
        photos = [app.archive.catalog.photo(view.photo_id) for view in board.views]
    if as_json:
        echo_json(_board_object(board, [p.file_name for p in photos]))
        return
    state = " (retired)" if board.retired else ""
    click.echo(f"Board {board.id}{state}, session {board.session_id}, {', '.join(p.file_name for p in photos)}")
    by_hand = board.phase.source == "human"  # what was found on it speaks for what it was given before
    evidence = f": {', '.join(board.phase.evidence)}" if board.phase.evidence and not by_hand else ""
    click.echo(f"Phase {board.phase.label} ({board.phase.source}){evidence}")
    if step := step_of(board.phase):
        click.echo(f"Step: {WORDS[step]}")
    for region in board.regions:
        click.echo(f"\n[{region.colour or ''} note]" if region.kind == "note" else "")
        for line in region.lines:
            doubtful = "  (doubtful)" if line.doubtful else ""
            click.echo(f"  {line.text}{doubtful}")


def _board_object(board: Board, photos: list[str]) -> dict[str, Any]:
    return {
        "id": board.id,
        "session": board.session_id,
        "photos": photos,
        "views": [
            {"photo": v.photo_id, "quad": [list(p) for p in v.quad], "quad_confidence": v.quad_confidence}
            for v in board.views
        ],
        "width": board.width,
        "height": board.height,
        "revision": board.revision,
        "retired": board.retired,
        "text": board.text,
        "regions": [contract.region_object(r) for r in board.regions],
        "phase": contract.phase_object(board.phase) | {"source": board.phase.source},
        "recipe": {s.name: s.version for s in board.recipe.stages},
        "renditions": dict(board.renditions),
    }


@click.command()
@click.argument("board_id", metavar="BOARD")
@click.argument("phase", type=click.Choice([str(p) for p in Phase], case_sensitive=False))
@with_author
@click.pass_obj
def tag(archive: str | None, board_id: str, phase: str, author: str) -> None:
    """Set a board's phase by hand; no later processing changes it.

    \b
    Example:
      fresque tag 7K3QZP ACT
    """
    from fresque.app import App

    with App.open(archive) as app:
        board = app.archive.catalog.board(board_id)
        photo = board.views[0].photo_id
        app.archive.catalog.correct(photo, board_id, CorrectionField.PHASE, phase, author=author)
        app.refresh()
    click.echo(f"Board {board_id}: {phase} (was {board.phase.label}).")


@click.group()
def index() -> None:
    """The search index, always rebuildable from the archive.

    \b
    Example:
      fresque index rebuild
    """


@index.command()
@with_json
@click.pass_obj
def rebuild(archive: str | None, as_json: bool) -> None:
    """Build the index anew, beside the old one, which answers meanwhile; what the archive taught it is taken anew too.

    \b
    Example:
      fresque index rebuild
    """
    from fresque import teaching
    from fresque.app import App

    with App.open(archive) as app:
        if teaching.in_use(app.archive):
            teaching.take(app.archive)
        total = app.archive.catalog.counts()
        with progress("indexing", sum(total.boards.values()) + total.materials) as advance:
            count = app.rebuild_index(advance)
    if as_json:
        echo_json({"indexed": count})
    else:
        click.echo(f"{count} boards and texts indexed.")


@index.command()
@click.option("--forget", is_flag=True, help="Find by the shipped lexicon alone again.")
@with_doer
@with_json
@click.pass_obj
def learn(archive: str | None, forget: bool, author: str, as_json: bool) -> None:
    """Let the archive teach the search what its people bring together: themes, saved searches, corrections.

    A snapshot is taken, kept in the archive, and the index built anew with it; again, for what is new since.

    \b
    Example:
      fresque index learn
      fresque index learn --forget
    """
    from fresque import teaching
    from fresque.app import App

    with App.open(archive) as app:
        concepts = () if forget else teaching.take(app.archive, author)
        if forget:
            teaching.drop(app.archive, author)
        total = app.archive.catalog.counts()
        with progress("indexing", sum(total.boards.values()) + total.materials) as advance:
            app.use_model(None, advance)
    if as_json:
        echo_json({"concepts": [{"name": concept.name, "said": list(concept.fr)} for concept in concepts]})
    elif forget:
        click.echo("The shipped lexicon alone is used.")
    else:
        click.echo(f"{len(concepts)} concepts learned: --json shows them, --forget undoes it.")


@index.command()
@click.argument("name", metavar="[ENGINE|MODEL]", required=False)
@with_json
@click.pass_obj
def use(archive: str | None, name: str | None, as_json: bool) -> None:
    """Find by another engine (postgresql, embedded) or by another model of meaning; none named, the bundled model.

    The index is built anew beside the old one, which answers meanwhile. PostgreSQL is for archives whose records are
    there: before it takes over, both engines answer the same questions, and their answers are compared. A model is any
    of sentence-transformers, by name or folder; a multilingual one of the hub is worth trying where there is a network.

    \b
    Example:
      fresque index use postgresql
      fresque index use embedded
      fresque index use /srv/models/multilingual-e5-small
      fresque index use
    """
    from fresque.app import App
    from index.engines import ENGINES

    with App.open(archive) as app:
        total = app.archive.catalog.counts()
        with progress("indexing", sum(total.boards.values()) + total.materials) as advance:
            if name in ENGINES:
                _use_engine(app, name, advance, as_json)
                return
            count = app.use_model(name, advance)
        model = app.engine.model.name
    if as_json:
        echo_json({"indexed": count, "model": model})
    else:
        click.echo(f"{count} boards and texts indexed with {model}.")


def _use_engine(app: App, name: str, advance: Callable[[], None], as_json: bool) -> None:
    count, judged = app.use_engine(name, advance)
    if as_json:
        echo_json({"indexed": count, "engine": name} | asdict(judged))
        return
    table(
        ("judged set, nDCG@10", "embedded", name),
        [
            ("as written", f"{judged.reference[0]:.3f}", f"{judged.other[0]:.3f}"),
            ("20 % misread", f"{judged.reference[1]:.3f}", f"{judged.other[1]:.3f}"),
        ],
    )
    click.echo(f"{count} boards and texts indexed; {judged.same:.0%} of the first ten answers here are as before.")
    click.echo(f"This archive is searched with {name} from now on. Start again what is running (fresque serve).")


@click.command()
@click.argument("board_id", metavar="BOARD")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200))
@with_json
@click.pass_obj
def similar(archive: str | None, board_id: str, limit: int, as_json: bool) -> None:
    """Boards and texts like one, and the sessions that worked on the same question.

    \b
    Example:
      fresque similar 7K3QZP
    """
    from fresque.app import App

    with App.open(archive) as app:
        app.refresh()
        near = app.engine.similar(board_id, limit)
        session = app.engine.document(board_id).session_id
        others = app.engine.same_question(session) if session else ()
    if as_json:
        boards = [{"id": each.id, "score": each.score} for each in near]
        sessions = [{"id": s.id, "title": s.title, "score": s.score, "boards": list(s.boards)} for s in others]
        echo_json({"id": board_id, "boards": boards, "sessions": sessions})
        return
    table(("id", "nearness"), [(each.id, f"{each.score:.2f}") for each in near])
    if others:
        table(("session", "title", "boards"), [(s.id, s.title, ", ".join(s.boards)) for s in others])
