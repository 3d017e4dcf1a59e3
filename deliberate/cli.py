"""The command line: everything an operator does without a browser.

Exit codes: 0 done, 1 the answer is no (does not verify), 2 the command or a setting is wrong.
"""

import argparse
import logging
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from email_validator import EmailNotValidError, validate_email
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberate import worker
from deliberate.app import create_app
from deliberate.core import clock
from deliberate.core.config import Settings, load
from deliberate.core.database import db
from deliberate.core.errors import Refusal, SettingsError
from deliberate.core.fulltext import following
from deliberate.core.migration import migrate
from deliberate.demonstration.play import play, publish_played
from deliberate.people.acts import erase, make_link, make_user
from deliberate.people.models import User
from deliberate.people.rules import OPERATOR
from deliberate.process.models import Process
from deliberate.process.queries import appointed, process_by_slug
from deliberate.publication import verify
from deliberate.publication.acts import publish
from deliberate.publication.bundle import bundle_folder
from deliberate.serving import serve

CONSOLE_LINK_LASTS = timedelta(hours=12)
SHOWN_ROLES = ("organiser", "panel member", "guarantor")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; every error is a sentence."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (SettingsError, Refusal) as error:
        return _say(str(error))
    except KeyboardInterrupt:
        return 130
    except (OperationalError, ProgrammingError) as error:
        return _say(
            f"The database cannot be used: {str(error.orig).strip()}. Check the setting database_url."
        )
    except OSError as error:
        return _say(f"{error.strerror or error}: {error.filename or arguments.command}.")


def _say(sentence: str) -> int:
    print(f"deliberate: {sentence}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deliberate",
        description="Citizens' panels by lot, deliberation, and charters that anyone can verify.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    init = commands.add_parser("init", help="prepare an instance and make its first organiser")
    init.add_argument("--email", required=True, help="the organiser's address")
    init.add_argument("--name", required=True, help="the organiser's name")
    init.set_defaults(run=_init)
    commands.add_parser(
        "demo", help="replay the demonstration process, publish it and verify it"
    ).set_defaults(run=_demo)
    commands.add_parser("run", help="serve this instance, with a worker").set_defaults(run=_run)
    work = commands.add_parser("worker", help="do the jobs that pages ask for, beside other servers")
    work.add_argument("--with-server", action="store_true", help="stop when standard input closes")
    work.set_defaults(run=_worker)
    export = commands.add_parser("export", help="write the bundle of a process")
    export.add_argument("process", help="the process's short name, as in its address")
    export.set_defaults(run=_export)
    check = commands.add_parser("verify", help="check a published bundle, without the server")
    check.add_argument("bundle", help="the folder")
    check.add_argument(
        "--head", action="append", default=[], metavar="DIGEST", help="a digest that was printed"
    )
    check.set_defaults(run=_verify)
    commands.add_parser("reindex", help="make the index of the searches anew from the tables").set_defaults(
        run=_reindex
    )
    forget = commands.add_parser("erase", help="erase a person: contact data, private parts, pseudonyms")
    forget.add_argument("email", help="the address of their account")
    forget.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    forget.set_defaults(run=_erase)
    return parser


def _ready() -> tuple[Settings, Flask]:
    """The settings and the application, its database brought up to date."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = load()
    app = create_app(settings)
    with app.app_context():
        migrate(db.engine)
    return settings, app


def _init(arguments: argparse.Namespace) -> int:
    try:
        validate_email(arguments.email.strip(), check_deliverability=False)
    except EmailNotValidError:
        return _say(f"“{arguments.email}” does not look like an e-mail address: name@example.org")
    settings, app = _ready()
    with app.app_context():
        user = make_user(
            db.session(), arguments.email, arguments.name, clock.now(), settings.language, role="organiser"
        )
        secret = make_link(db.session(), user, clock.now(), CONSOLE_LINK_LASTS)
        db.session.commit()
    print(f"{arguments.name} is an organiser. Start with: deliberate run")
    print(f"Then sign in, once, within 12 hours: {settings.base_url}/sign-in/{secret}")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    settings, app = _ready()
    with app.app_context():
        folder = _demonstration(settings)
    print(f"bundle: {folder}")
    report = verify.verify(folder)
    print(verify.lines(report)[-1])
    return verify.VERIFIES if report.verifies else verify.DOES_NOT


def _demonstration(settings: Settings) -> Path:
    """Play the demonstration if it is not there yet; the folder of its bundle."""
    slug = db.session.scalar(select(Process.slug).where(Process.demonstration))
    db.session.rollback()
    if slug is None:
        print("Replaying the demonstration: a year of a citizens' process…", flush=True)
        slug = play(db.engine, lambda said: print(f"  {said}", flush=True))
    folder = bundle_folder(settings.instance / "bundles", slug)
    if not folder.exists():
        publish_played(db.session(), slug, settings.instance / "bundles")
        print("  charters published, bundle written", flush=True)
    return folder


def _run(arguments: argparse.Namespace) -> int:
    settings, app = _ready()
    with app.app_context():
        if not db.session.scalar(select(func.count(User.id))):
            db.session.rollback()
            _demonstration(settings)
        links = _sign_in_links(settings)
    print(f"\nDeliberate is at {settings.base_url}")
    for who, link in links:
        print(f"  sign in as {who}, once: {link}")
    print("Stop it with Ctrl+C.", flush=True)
    serve(app, settings)
    return 0


def _sign_in_links(settings: Settings) -> list[tuple[str, str]]:
    """Links for whoever plays with the demonstration; a real instance prints none."""
    process = db.session.scalar(select(Process).where(Process.demonstration))
    links = []
    if process is not None:
        for role in SHOWN_ROLES:
            for appointment in appointed(db.session(), process, role, clock.now())[:1]:
                secret = make_link(db.session(), appointment.user, clock.now(), CONSOLE_LINK_LASTS)
                links.append((f"{role} ({appointment.user.name})", f"{settings.base_url}/sign-in/{secret}"))
    db.session.commit()
    return links


def _worker(arguments: argparse.Namespace) -> int:
    _, app = _ready()
    stop = threading.Event()
    if arguments.with_server:
        worker.stop_at_end_of_input(stop)
    worker.work(app, stop)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    settings, app = _ready()
    with app.app_context():
        process = process_by_slug(db.session(), arguments.process, OPERATOR, clock.now())
        with publish(db.session(), OPERATOR, process, settings.instance / "bundles", clock.now()):
            db.session.commit()
        print(f"bundle: {bundle_folder(settings.instance / 'bundles', process.slug)}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    heads = [part for head in arguments.head for part in ("--head", head)]
    return verify.main([arguments.bundle, *heads])


def _reindex(_arguments: argparse.Namespace) -> int:
    _, app = _ready()
    with app.app_context():
        found = following.rebuild(db.session())
        db.session.commit()
    print("Indexed: " + ", ".join(f"{count} of kind {kind}" for kind, count in found.items()) + ".")
    return 0


def _erase(arguments: argparse.Namespace) -> int:
    _, app = _ready()
    with app.app_context():
        user = db.session.scalar(select(User).where(User.email == arguments.email.strip().lower()))
        if user is None:
            return _say(f"There is no account with the address {arguments.email}.")
        if not arguments.yes and not _confirmed(f"Erase {user.name} <{user.email}>? This cannot be undone."):
            print("Nothing was erased.")
            return 1
        withdrawn = erase(db.session(), user, clock.now())
        db.session.commit()
    print(
        f"Erased. {withdrawn} entries of the public journal lost their private part; the chain stays whole."
    )
    print(
        "Publish again (deliberate export PROCESS) so that the next bundle no longer holds what was withdrawn."
    )
    return 0


def _confirmed(question: str) -> bool:
    try:
        return input(f"{question} Type yes: ").strip().lower() in ("yes", "oui")
    except EOFError:
        return False
