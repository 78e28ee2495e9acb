"""Logging in and out, the one-time password, the first password by invitation, and one's own account."""

from __future__ import annotations

from starlette.responses import Response

from actions.duties import calls
from actions.messages import channels, language, quiet
from actions.people import invitations, login, second_factor, sessions
from actions.people import person as person_acts
from actions.people.login import LoggedIn
from notifications.channels import open_channels
from portal.people import passwords
from portal.people.absence_facts import absence_facts
from portal.people.known_browser import known_browser, remember_browser
from portal.people.proof import proved
from portal.web.language import NAMES
from portal.web.menu import menu, the_campaign
from portal.web.rendering import UNPROCESSABLE, go, keep_language, keep_token, leave, local_path, show
from portal.web.request import Asked, PublicAsked, fresh_token
from portal.web.routes import PublicRoute, Route
from records import clock
from records.people.people import names_of
from records.tables.people import PersonRow, SessionRow
from rules.people.rights import needs_one_time_password
from rules.refusals import Refused

NO_CHANNEL = Refused("no_channel_here", "本机没有设置您所选的渠道，或设置有误，请与运行维护人员联系。")


def home(asked: Asked) -> Response:
    with asked.store.reading() as session:
        campaign = the_campaign(session)
    if campaign is None:
        return show(asked, "no_campaign.html", {})
    return go(menu(asked.rule_person, campaign.id)[0][1])


def choose_language(asked: PublicAsked) -> Response:
    response = go(local_path(asked.field("next")))
    chosen = asked.field("language")
    return keep_language(response, asked, chosen) if chosen in NAMES else response


# --- logging in ----------------------------------------------------------------------------------


def show_log_in(asked: PublicAsked) -> Response:
    following = local_path(asked.request.query_params.get("next", "/"))
    return show(asked, "people/login.html", {"name": "", "next": following})


def log_in(asked: PublicAsked) -> Response:
    following = local_path(asked.field("next"))
    done = login.log_in(
        asked.store,
        name=asked.field("name"),
        address=asked.address,
        matches=passwords.matches(_password(asked, "password")),
        now=asked.now,
        host_now=clock.host_now(),
        browser=known_browser(asked),
        calls_itself=_calls_itself(asked),
        asks_factor=asked.house.settings.second_factor_for_all,
    )
    if isinstance(done, Refused):
        facts = {"name": asked.field("name"), "next": following, "refused": done}
        return show(asked, "people/login.html", facts, status=UNPROCESSABLE)
    return _let_in(asked, done, following)


def _calls_itself(asked: PublicAsked) -> str:
    """What the browser says it is, for its owner to recognise."""
    return "".join(sign for sign in asked.request.headers.get("user-agent", "") if sign.isprintable())


def _password(asked: PublicAsked, field: str) -> str:
    """As typed: blanks at its ends belong to a password. Cut where no real one reaches."""
    value = asked.form.get(field, "")
    return value[: passwords.LONGEST + 1] if isinstance(value, str) else ""


def _let_in(asked: PublicAsked, done: LoggedIn, following: str) -> Response:
    response = go(following if done.complete else "/login/code")
    keep_token(response, asked, done.token)
    if done.complete:
        remember_browser(response, asked, done.person_id)
    return response


def _half_in(asked: PublicAsked) -> tuple[SessionRow, PersonRow] | None:
    """Somebody whose password was right and whose one-time password has not come yet."""
    known = login.session_of(asked.store, asked.token, host_now=clock.host_now())
    return known if known and not login.is_complete(*known) else None


def show_code(asked: PublicAsked) -> Response:
    known = _half_in(asked)
    return _code_page(asked, known[1]) if known else go("/")


def _code_page(asked: PublicAsked, person: PersonRow, refused: Refused | None = None) -> Response:
    """Asks for a code; for somebody whose telephone does not know the secret yet, with the secret."""
    secret = second_factor.secret_to_enrol(asked.store, person_id=person.id, fresh=passwords.fresh_secret())
    facts = {
        "refused": refused,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else "",
        "picture": passwords.picture_of(secret, account=person.id, issuer="hqe") if secret else "",
    }
    return show(asked, "people/code.html", facts, status=UNPROCESSABLE if refused else 200)


def enter_code(asked: PublicAsked) -> Response:
    known = _half_in(asked)
    if known is None:
        return go("/login")
    refused = second_factor.enter_code(
        asked.store,
        session_hash=known[0].token_hash,
        step_of=passwords.step_of(asked.field("code")),
        now=asked.now,
        host_now=clock.host_now(),
        renewed=(renewed := fresh_token()),
        address=asked.address,
        browser=known_browser(asked),
    )
    if refused:
        return _code_page(asked, known[1], refused)
    response = go("/")
    keep_token(response, asked, renewed)
    remember_browser(response, asked, known[1].id)
    return response


# --- the first password --------------------------------------------------------------------------


def show_invitation(asked: PublicAsked) -> Response:
    with asked.store.reading() as session:
        person = invitations.invited(session, _invitation(asked), host_now=clock.host_now())
    return _invitation_page(asked, person)


def _invitation(asked: PublicAsked) -> str:
    return str(asked.request.path_params["token"])


def _invitation_page(
    asked: PublicAsked, person: PersonRow | Refused, refused: Refused | None = None
) -> Response:
    if isinstance(person, Refused):
        return show(
            asked, "people/invitation.html", {"invited": None, "refused": person}, status=UNPROCESSABLE
        )
    facts = {
        "invited": person,
        "refused": refused,
        "second_factor": needs_one_time_password(person.roles) or asked.house.settings.second_factor_for_all,
        "shortest": passwords.SHORTEST,
    }
    return show(asked, "people/invitation.html", facts, status=UNPROCESSABLE if refused else 200)


def accept_invitation(asked: PublicAsked) -> Response:
    with asked.store.reading() as session:
        person = invitations.invited(session, _invitation(asked), host_now=clock.host_now())
    if isinstance(person, Refused):
        return _invitation_page(asked, person)
    refused = _refuse_new_password(asked, person)
    if refused:
        return _invitation_page(asked, person, refused)
    done = login.accept_invitation(
        asked.store,
        token=_invitation(asked),
        password_hash=passwords.hash_password(_password(asked, "password")),
        now=asked.now,
        host_now=clock.host_now(),
        address=asked.address,
        calls_itself=_calls_itself(asked),
        asks_factor=asked.house.settings.second_factor_for_all,
    )
    return _invitation_page(asked, done) if isinstance(done, Refused) else _let_in(asked, done, "/")


def _refuse_new_password(asked: PublicAsked, person: PersonRow) -> Refused | None:
    names = (person.id, person.name, person.email, person.email.partition("@")[0])
    with asked.store.reading() as session:
        campaign = the_campaign(session)
    around = (campaign.id, campaign.county, *(town.name for town in campaign.towns)) if campaign else ()
    return passwords.refuse_password(
        _password(asked, "password"), _password(asked, "again"), names=names, around=around
    )


# --- one's own account ---------------------------------------------------------------------------


def show_account(asked: Asked) -> Response:
    return account_page(asked)


def account_page(asked: Asked, refused: Refused | None = None) -> Response:
    with asked.store.reading() as session:
        campaign = the_campaign(session)
        facts = {
            "refused": refused,
            "campaign": campaign,
            "zone": campaign.zone if campaign else None,
            "shortest": passwords.SHORTEST,
            "channels": [name for name, _ in asked.house.settings.channels],
            "names": names_of(session),
            "sessions": sessions.own_sessions(
                session, asked.person.id, this=asked.session_hash, host_now=clock.host_now()
            ),
            "last": sessions.last_log_in(session, asked.session_hash),
            "has_telephone": sessions.has_telephone(session, asked.person.id),
            **absence_facts(session, asked, asked.person),
        }
    return show(asked, "people/account.html", facts, status=UNPROCESSABLE if refused else 200)


def change_password(asked: Asked) -> Response:
    refused = _refuse_new_password(asked, asked.person) or login.change_password(
        asked.store,
        person_id=asked.person.id,
        matches=passwords.matches(_password(asked, "old")),
        password_hash=passwords.hash_password(_password(asked, "password")),
        session_hash=asked.session_hash,
        now=asked.now,
        host_now=clock.host_now(),
        renewed=(renewed := fresh_token()),
    )
    if refused:
        return account_page(asked, refused)
    response = go("/account", said="password_changed")
    keep_token(response, asked, renewed)
    return response


def declare_conflict(asked: Asked) -> Response:
    chosen = [value for value in asked.form.getlist("town") if isinstance(value, str)]
    refused = person_acts.declare_conflict(
        asked.store, person_id=asked.person.id, towns=chosen, why=asked.field("why"), now=asked.now
    )
    return account_page(asked, refused) if refused else go("/account", said="conflict_declared")


def choose_quiet_hours(asked: Asked) -> Response:
    choice = asked.field("choice")
    hours = f"{asked.field('begin')}-{asked.field('end')}" if choice == "own" else choice
    refused = quiet.set_quiet_hours(asked.store, person_id=asked.person.id, hours=hours, now=asked.now)
    return account_page(asked, refused) if refused else go("/account", said="quiet_hours_set")


def choose_mail_language(asked: Asked) -> Response:
    refused = language.choose_language(
        asked.store, person_id=asked.person.id, language=asked.field("language"), now=asked.now
    )
    return account_page(asked, refused) if refused else go("/account", said="language_chosen")


def choose_channel(asked: Asked) -> Response:
    known = [name for name, _ in asked.house.settings.channels]
    refused = channels.choose_channel(
        asked.store, person_id=asked.person.id, channel=asked.field("channel"), known=known, now=asked.now
    )
    return account_page(asked, refused) if refused else go("/account", said="channel_chosen")


def try_channel(asked: Asked) -> Response:
    """One's own, as it is kept; what it answered is told where it was refused."""
    name, urls = asked.person.channel, dict(asked.house.settings.channels)
    usable, _ = open_channels([(name, urls[name])] if name in urls else [])
    if name not in usable:
        return account_page(asked, NO_CHANNEL)
    refused = channels.may_try(asked.store, person_id=asked.person.id, host_now=clock.host_now())
    if refused:
        return account_page(asked, refused)
    done = channels.try_channel(usable[name], name=name, at=clock.host_now())
    return account_page(asked, done) if isinstance(done, Refused) else go("/account", said="channel_tried")


def keep_telephone(asked: Asked) -> Response:
    refused = calls.set_telephone(
        asked.store,
        person_id=asked.person.id,
        telephone=asked.field("telephone"),
        by=asked.person.id,
        now=asked.now,
    )
    return account_page(asked, refused) if refused else go("/account", said="telephone_kept")


def end_session(asked: Asked) -> Response:
    refused = sessions.end_session(
        asked.store,
        session_id=asked.field("session"),
        by=asked.person.id,
        now=asked.now,
        host_now=clock.host_now(),
    )
    return account_page(asked, refused) if refused else go("/account", said="session_ended")


def add_telephone(asked: Asked) -> Response:
    """On to the page on which everybody adds one."""
    second_factor.ask_from_now_on(asked.store, session_hash=asked.session_hash)
    return go("/login/code")


def log_out(asked: Asked) -> Response:
    login.log_out(asked.store, asked.token)
    return leave(asked, go("/login", said="logged_out"))


def log_out_everywhere(asked: Asked) -> Response:
    login.log_out_everywhere(asked.store, person_id=asked.person.id, now=asked.now, host_now=clock.host_now())
    return leave(asked, go("/login", said="logged_out_everywhere"))


ROUTES = (
    Route("GET", "/", "account", home),
    Route("GET", "/account", "account", show_account),
    Route("POST", "/account/password", "account", change_password),
    Route("POST", "/account/conflicts", "account", declare_conflict),
    Route("POST", "/account/quiet-hours", "account", choose_quiet_hours),
    Route("POST", "/account/mail-language", "account", choose_mail_language),
    Route("POST", "/account/called-at", "account", keep_telephone),
    Route("POST", "/account/channel", "account", choose_channel),
    Route("POST", "/account/channel-trial", "account", try_channel),
    Route("POST", "/account/sessions", "account", end_session),
    Route("POST", "/account/telephone", "account", proved(add_telephone)),
    Route("POST", "/logout", "account", log_out),
    Route("POST", "/logout-everywhere", "account", log_out_everywhere),
)

PUBLIC = (
    PublicRoute("POST", "/language", choose_language),
    PublicRoute("GET", "/login", show_log_in),
    PublicRoute("POST", "/login", log_in),
    PublicRoute("GET", "/login/code", show_code),
    PublicRoute("POST", "/login/code", enter_code),
    PublicRoute("GET", "/invitation/{token}", show_invitation),
    PublicRoute("POST", "/invitation/{token}", accept_invitation),
)
