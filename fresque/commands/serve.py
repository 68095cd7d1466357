"""The pages: `serve`, and the accounts of those who use them: `account`."""

from __future__ import annotations

import os
import sys

import click

from archive.errors import UsageError
from fresque.commands.options import with_json
from fresque.terminal import echo_json, table

ROLES = ("reader", "facilitator", "administrator")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--no-process", is_flag=True, help="Leave photos waiting for 'fresque process'.")
@click.option("--address", help="What people type (default: FRESQUE_ADDRESS, else host and port).")
@click.pass_obj
def serve(archive: str | None, host: str, port: int, no_process: bool, address: str | None) -> None:
    """Serve the pages and the API of an archive.

    Without accounts it serves this machine only. OpenID Connect: FRESQUE_OIDC_ISSUER, FRESQUE_OIDC_CLIENT_ID,
    FRESQUE_OIDC_CLIENT_SECRET, and FRESQUE_OIDC_NAME for the button.

    /health and /ready are for supervisors; /metrics (Prometheus) is for this machine, and for who sends
    FRESQUE_METRICS_TOKEN. FRESQUE_LOG=json writes logs for machines, with the ids of requests.

    \b
    Example:
      fresque serve
      fresque account add marie --role administrator && fresque serve --host 0.0.0.0 --address https://fresque.lab
    """
    import uvicorn

    from fresque import logs
    from fresque.app import App
    from fresque.web.server import create
    from fresque.web.state import Provider, Served

    logs.configure()
    with App.open(archive) as app:
        with_accounts = app.archive.catalog.has_accounts()
        if not with_accounts and host not in LOOPBACK:
            raise UsageError(
                f"without accounts the pages are for this machine only, not for {host}",
                "'fresque account add LOGIN --role administrator' makes the first account",
            )
        shown = address or os.environ.get("FRESQUE_ADDRESS") or f"http://{host}:{port}"
        token = os.environ.get("FRESQUE_METRICS_TOKEN", "")
        served = Served(shown.rstrip("/"), Provider.from_environment(), not no_process, apart=True, metrics_token=token)
        who = "people with an account" if with_accounts else "this machine only: it has no accounts"
        click.echo(f"Serving {app.archive.path} at {shown} to {who}. Ctrl-C ends it.")
        config = uvicorn.Config(
            create(app, served), host=host, port=port, log_level="warning", proxy_headers=False, server_header=False,
            timeout_graceful_shutdown=3,
        )  # fmt: skip
        uvicorn.Server(config).run()


@click.group()
def account() -> None:
    """People who may use the pages.

    \b
    Example:
      fresque account add marie --role administrator
    """


@account.command()
@click.argument("login")
@click.option("--name", default="", help="As others see it.")
@click.option("--role", type=click.Choice(ROLES), default="reader", show_default=True)
@click.option("--lab", "labs", multiple=True, help="A lab they belong to; may be repeated.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@click.pass_obj
def add(archive: str | None, login: str, name: str, role: str, labs: tuple[str, ...], password_stdin: bool) -> None:
    """Make an account; the password is asked for.

    \b
    Example:
      fresque account add marie --name "Marie Duval" --role facilitator --lab Nantes
    """
    from archive.accounts import Account, Role
    from fresque.app import App
    from fresque.web import passwords

    with App.open(archive) as app:
        if role != "administrator" and not app.archive.catalog.has_accounts():
            raise UsageError("the first account must be an administrator's", "add --role administrator")
        given = _password(password_stdin)
        made = Account("", login, name, Role(role), labs, password=passwords.hashed(given))
        app.archive.catalog.add_account(made)
    click.echo(f"Account {login} made ({role}).")


@account.command()
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@click.pass_obj
def password(archive: str | None, login: str, password_stdin: bool) -> None:
    """Set a new password; every login of that account ends.

    \b
    Example:
      fresque account password marie
    """
    from fresque.app import App
    from fresque.web import passwords

    with App.open(archive) as app:
        found = app.archive.catalog.account_by(login=login)
        if found is None:
            raise UsageError(f"no account '{login}'", "'fresque account list' shows them")
        app.archive.catalog.change_account(found.id, password=passwords.hashed(_password(password_stdin)))
    click.echo(f"New password for {login}.")


@account.command("list")
@with_json
@click.pass_obj
def list_(archive: str | None, as_json: bool) -> None:
    """List the accounts.

    \b
    Example:
      fresque account list
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.accounts()
    if as_json:
        for each in found:
            echo_json(
                {"login": each.login, "name": each.name, "role": each.role, "labs": each.labs, "active": each.active}
            )
        return
    rows = [(a.login, a.name, a.role, ", ".join(a.labs), "" if a.active else "closed") for a in found]
    table(("login", "name", "role", "labs", ""), rows)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
