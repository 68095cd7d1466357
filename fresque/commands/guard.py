"""Keeping what is kept: `verify`, `backup`, `restore`, `rehearse`, `merge`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import ArchiveError, DamagedBlob, IndexFault
from fresque.commands.options import with_json
from fresque.terminal import echo_json, progress, table, warn

if TYPE_CHECKING:
    from archive.verify import Report
    from fresque.app import App

BAG = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.option("--sample", default=1.0, type=click.FloatRange(0, 1), metavar="RATE", help="Share of the files to read.")
@click.option("--mend", "do_mend", is_flag=True, help="Mend what can be mended without guessing.")
@with_json
@click.pass_obj
def verify(archive: str | None, sample: float, do_mend: bool, as_json: bool) -> None:
    """Hash the files again and compare records, files and index, both ways; exits with 6 when something is wrong.

    \b
    Example:
      fresque verify
      fresque verify --sample 0.02     (every night)
      fresque verify --mend
    """
    from archive.mend import mend
    from archive.verify import verify as check
    from fresque.app import App

    with App.open(archive) as app:
        with progress("verifying", None) as advance:
            report = check(app.archive, lambda _done, _total: advance(), sample)
        index = index_faults(app)
        mended = mend(app.archive, report) if do_mend else []
        if do_mend and index:
            app.rebuild_index()
            index = index_faults(app)
    left = [each.fault for each in mended if not each.done] if do_mend else list(report.faults)
    if as_json:
        echo_json(_report_object(report, index) | {"mended": [m.how for m in mended if m.done], "left": len(left)})
    else:
        _print_report(report, index)
        if mended:
            rows = [(m.fault.kind, m.fault.subject, "mended" if m.done else "not mended", m.how) for m in mended]
            table(("fault", "what", "", "how"), rows)
    if left or index:
        raise DamagedBlob(
            f"{len(left) + len(index)} faults",
            "'fresque verify --mend' mends what can be mended" if not do_mend else "bring the rest back from a backup",
        )


def index_faults(app: App) -> list[str]:
    """Records that the index lacks, and entries of the index that no record stands behind. What waits to be applied,
    and an index that was never built, are no faults."""
    if not app.engine.applied_sequence and app.engine.fault is None:
        return []
    try:
        found = app.engine.ids()
    except IndexFault as fault:
        return [str(fault)]
    waiting = {change.object_id for change in app.archive.catalog.changes(app.engine.applied_sequence, 1_000_000)}
    found -= waiting
    expected = set(app.archive.catalog.board_ids()) | {m.id for m in app.archive.catalog.materials()}
    expected -= waiting
    missing, strange = expected - found, found - expected
    told = [f"{len(missing)} records are not in the index: {', '.join(sorted(missing)[:3])}"] if missing else []
    return told + ([f"{len(strange)} entries of the index have no record"] if strange else [])


def _report_object(report: Report, index: list[str]) -> dict[str, object]:
    return {
        "checked": report.checked,
        "faults": [{"kind": f.kind, "subject": f.subject, "files": list(f.files)} for f in report.faults],
        "unclaimed": len(report.unclaimed),
        "index": index,
    }


def _print_report(report: Report, index: list[str]) -> None:
    if report.faults:
        table(("fault", "what", "files"), [(f.kind, f.subject, ", ".join(f.files)) for f in report.faults])
    for fault in index:
        warn(fault)
    stray = f", {len(report.unclaimed)} files that no record names (harmless)" if report.unclaimed else ""
    click.echo(f"{report.checked} files read, {len(report.faults)} faults{stray}.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--session", "session_id", metavar="ID", help="Only this session.")
@click.option(
    "--key", type=click.Path(path_type=Path), help="Sign it with this secret key ('fresque signer key FILE')."
)
@with_json
@click.pass_obj
def backup(archive: str | None, folder: Path, session_id: str | None, key: Path | None, as_json: bool) -> None:
    """Write a new bag (BagIt) of the archive into FOLDER; files that an earlier bag there holds are shared with it.

    \b
    Example:
      fresque backup /mnt/disque/fresque
      fresque backup ~/transmis --session conge-parental
    """
    from archive.backup import backup as write
    from fresque.app import App

    with App.open(archive) as app, progress("backing up", None) as advance:
        made = write(app.archive, folder, session_id, lambda _done, _total: advance(), key)
    if as_json:
        echo_json({"bag": str(made.bag), "files": made.files, "copied": made.copied, "shared": made.shared})
    else:
        click.echo(f"{made.bag}: {made.files} files, {made.copied} of them new.")
        click.echo(f"Show that it can be restored: fresque rehearse {made.bag}")


@click.command()
@click.argument("bag", type=BAG)
@click.argument("folder", type=click.Path(path_type=Path))
def restore(bag: Path, folder: Path) -> None:
    """Make the archive of BAG in FOLDER (new or empty), to the bit. What was destroyed since does not come back.

    \b
    Example:
      fresque restore /mnt/disque/fresque/2026-03-07T020000-k3v9ab ~/archive
    """
    from archive.restore import restore as bring

    with progress("restoring", None) as advance:
        bring(bag, folder, lambda _done, _total: advance()).close()
    click.echo(f"Restored in {folder}. Next: fresque --archive {folder} index rebuild")


@click.command()
@click.argument("bag", type=BAG)
@with_json
@click.pass_obj
def rehearse(archive: str | None, bag: Path, as_json: bool) -> None:
    """Restore BAG into a scratch folder, verify it and compare it with the archive; nothing is left behind.

    \b
    Example:
      fresque rehearse /mnt/disque/fresque/2026-03-07T020000-k3v9ab
    """
    from archive.restore import rehearse as try_it
    from fresque.app import App

    with App.open(archive) as app, progress("rehearsing", None) as advance:
        found = try_it(bag, app.archive, lambda _done, _total: advance())
    if as_json:
        echo_json(
            {"passed": found.passed, "compared": found.compared, "differences": list(found.differences)}
            | {"faults": len(found.report.faults), "checked": found.report.checked}
        )
    else:
        told = "compared with the archive" if found.compared else "of another archive or one session: not compared"
        click.echo(f"{found.report.checked} files restored and verified, {told}.")
        for difference in found.differences:
            click.echo(f"  differs: {difference}")
    if not found.report.clean:
        raise DamagedBlob(f"{bag} does not restore cleanly: {len(found.report.faults)} faults")
    if found.differences:
        raise ArchiveError("the archive has changed since that backup", "make a new one and rehearse that")


@click.command()
@click.argument("bag", type=BAG)
@click.option("--author", default="", help="Who merges.")
@click.option("--unsigned", is_flag=True, help="Also what no known lab has signed.")
@with_json
@click.pass_obj
def merge(archive: str | None, bag: Path, author: str, unsigned: bool, as_json: bool) -> None:
    """Take in what BAG, of another lab, holds and this archive lacks. Nothing that is here is replaced.

    An archive that knows signers ('fresque signer add') takes in what they have signed, each of its own lab only.

    \b
    Example:
      fresque merge ~/recu/2026-03-07T101500-conge-parental-k3v9ab
    """
    from archive.merge import merge as take_in
    from fresque.app import App

    with App.open(archive) as app:
        found = take_in(app.archive, bag, author, unsigned)
        app.refresh()
    if as_json:
        echo_json(vars(found))
        return
    click.echo(
        f"{found.sessions} sessions, {found.photos} photos, {found.boards} boards, {found.corrections} corrections,"
        f" {found.materials} texts came in."
    )
    for old, new in found.renamed.items():
        click.echo(f"Session {old} is called {new} here: there was another one of that name.")
    if found.refused:
        click.echo(f"{found.refused} photos were destroyed here before, and stay so.")
