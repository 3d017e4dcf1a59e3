"""The composition of the application: the only place that knows every capability."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from deliberate.core import clock, events, i18n, jobs, mail, web
from deliberate.core.config import Settings, load
from deliberate.core.database import db, prepare_engine
from deliberate.core.fulltext import following
from deliberate.deliberation import views as deliberation_views
from deliberate.deliberation.ballots import acts as ballots_acts
from deliberate.deliberation.ballots import queries as ballots_queries
from deliberate.deliberation.ballots.acts import BallotClosed
from deliberate.deliberation.tables import acts as tables_acts
from deliberate.drafting import acts as drafting_acts
from deliberate.drafting import minority as drafting_minority
from deliberate.drafting import preparing as drafting_preparing
from deliberate.drafting import queries as drafting_queries
from deliberate.drafting import views as drafting_views
from deliberate.drafting import voting as drafting_voting
from deliberate.drafting.adoption import VersionPublished
from deliberate.inputs import queries as inputs_queries
from deliberate.inputs import views as inputs_views
from deliberate.inputs.answers import clauses
from deliberate.inputs.contributing import acts as contributing_acts
from deliberate.inputs.contributing import queries as contributing_queries
from deliberate.inputs.dossiers import acts as dossiers_acts
from deliberate.inputs.events import ContributionTakenBack
from deliberate.inputs.experience import acts as experience_acts
from deliberate.inputs.experience import queries as experience_queries
from deliberate.inputs.moderating import queries as moderating_queries
from deliberate.inputs.opinions import jobs as opinions_jobs
from deliberate.inputs.opinions import refreshing as opinions_refreshing
from deliberate.inputs.statements import acts as statements_acts
from deliberate.inputs.statements import making as statements_making
from deliberate.inputs.statements import queries as statements_queries
from deliberate.inputs.statements.events import VotesChanged
from deliberate.inputs.synthesis import acts as synthesis_acts
from deliberate.inputs.synthesis import reviewing as synthesis_reviewing
from deliberate.inputs.synthesis import wordings as synthesis_wordings
from deliberate.inputs.telling import acts as telling_acts
from deliberate.inputs.telling import letters as telling_letters
from deliberate.journal.acts import Withdrawn
from deliberate.panels import erasure as panels_erasure
from deliberate.panels import jobs as panels_jobs
from deliberate.panels import lotteries as panels_lotteries
from deliberate.panels import queries as panels_queries
from deliberate.panels import views as panels_views
from deliberate.people import views as people_views
from deliberate.people.acts import Erased
from deliberate.people.models import Role, User
from deliberate.people.queries import DataRequested
from deliberate.process import queries as process_queries
from deliberate.process import views as process_views
from deliberate.process import words
from deliberate.process.acts import PhaseClosed, PhaseOpening
from deliberate.publication import jobs as publication_jobs
from deliberate.publication import offering
from deliberate.publication import views as publication_views
from deliberate.publication.adoption import acts as adoption_acts
from deliberate.publication.adoption import letters as adoption_letters
from deliberate.publication.evidence import acts as evidence_acts
from deliberate.publication.evidence import queries as evidence_queries

# Event kind → what hears of it, inside the same transaction. One line each.
HANDLERS: list[tuple[type, events.Handler]] = [
    (Erased, panels_erasure.forget),
    (Erased, contributing_acts.forget_contributions),
    (Erased, experience_acts.forget_lessons),
    (Erased, synthesis_acts.forget_readers),
    (Erased, synthesis_reviewing.forget_reviews),
    (Erased, synthesis_wordings.forget_wordings),
    (Erased, ballots_acts.forget),
    (Erased, tables_acts.forget),
    (Erased, drafting_acts.forget),
    (Erased, drafting_minority.forget_signatures),
    (Erased, drafting_preparing.forget_preparations),
    (Erased, adoption_acts.forget),
    (Erased, evidence_acts.forget_evidence),
    (Erased, statements_acts.forget_voter),
    (ContributionTakenBack, statements_making.forget_drawn),
    (PhaseOpening, dossiers_acts.refuse_unsettled),
    (VotesChanged, opinions_refreshing.hear_votes),
    (PhaseClosed, opinions_refreshing.hear_close),
    (BallotClosed, drafting_voting.hear_ballot),
    (VersionPublished, adoption_acts.offer),
    (VersionPublished, publication_jobs.publish_version),
    (Erased, dossiers_acts.forget_erased),
    (Erased, publication_jobs.publish_again),
    (Withdrawn, dossiers_acts.forget_withdrawn),
    (Withdrawn, publication_jobs.publish_without),
    (DataRequested, process_queries.add_held),
    (DataRequested, panels_queries.add_held),
    (DataRequested, inputs_queries.add_held),
    (DataRequested, moderating_queries.add_held),
    (DataRequested, experience_queries.add_held),
    (DataRequested, evidence_queries.add_held),
    (DataRequested, contributing_queries.add_held),
    (DataRequested, synthesis_reviewing.add_held),
    (DataRequested, synthesis_wordings.add_held),
    (DataRequested, statements_queries.add_held),
    (DataRequested, ballots_queries.add_held),
    (DataRequested, tables_acts.add_held),
    (DataRequested, drafting_queries.add_held),
]

# Job kind → what does it, and what hears of its failing for good. One line each.
WORK: dict[str, tuple[jobs.Work, jobs.Failure | None]] = {
    "draw": (panels_jobs.compute_draw, panels_lotteries.fail_draw),
    "alternates": (panels_jobs.find_alternates, None),
    opinions_refreshing.KIND: (opinions_jobs.compute_map, None),
    following.KIND: (following.work, None),
    telling_acts.KIND: (telling_letters.write_letters, None),
    telling_acts.APPEALED: (telling_letters.write_to_guarantors, None),
    adoption_acts.OFFER: (adoption_letters.tell, None),
}


def create_app(settings: Settings, clock_: clock.Clock | None = None, testing: bool = False) -> Flask:
    """The application for these settings; `clock_` stands in for the real clock in tests and replays."""
    app = Flask("deliberate", template_folder=str(web.template_folder()))
    app.testing = testing
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database,
        **_security(settings),
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    clock.init_app(app, clock_)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    i18n.init_app(app)
    web.init_app(app)
    words.init_app(app)
    security = Security(app, SQLAlchemyUserDatastore(db, User, Role), register_blueprint=False)
    security.unauthn_handler(lambda *_, **__: people_views.please_sign_in())
    for views in (
        people_views,
        process_views,
        panels_views,
        inputs_views,
        deliberation_views,
        drafting_views,
        publication_views,
    ):
        app.register_blueprint(views.blueprint)
    for kind, handler in HANDLERS:
        events.on(kind, handler)
    jobs.register(mail.KIND, mail.worker(settings), mail.forget)
    jobs.register(publication_jobs.KIND, publication_jobs.worker(publication_jobs.bundles(settings.instance)))
    clauses.offer(offering.clauses_on_offer)
    for name, (work, failure) in WORK.items():
        jobs.register(name, work, failure)
    return app


def from_environment() -> Flask:
    """The application as the environment and the instance folder set it: what a WSGI server loads."""
    return create_app(load())


def side_session(app: Flask) -> Callable[[], Session]:
    """Sessions of their own beside the scoped one: for a job's progress and heartbeat."""
    with app.app_context():
        engine = db.engine
    return lambda: Session(engine)


def _security(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_TRACKABLE": False,
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_I18N_DOMAIN": "flask_security",
        "SQLALCHEMY_ENGINE_OPTIONS": {}
        if settings.database.startswith("sqlite")
        else {"pool_pre_ping": True},
    }
