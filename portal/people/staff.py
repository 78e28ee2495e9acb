"""Who has an account: listed, added, changed, invited, stood down, and helped to log in again."""

from __future__ import annotations

from starlette.responses import Response

from actions.duties.absences import today_of
from actions.duties.posting import TITLES
from actions.people import account_help, staff
from actions.people.invitations import invite_by_mail
from actions.people.person import save_person, where_duties_go
from portal.people.absence_facts import absence_facts
from portal.people.proof import proved
from portal.web.menu import the_campaign
from portal.web.paging import number_in, sheet_of
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.duties.absences import away_on
from records.people import accounts
from records.people.people import everybody, names_of
from rules.campaign.campaign import ROLES, Person
from rules.refusals import Refused

MOST_PEOPLE = 100
NO_PUBLIC_URL = Refused(
    "no_public_url",
    "还没有设置系统网址(HQE_PUBLIC_URL)，邀请邮件中的链接打不开。请先请运行维护人员设置。",
)


def show_people(asked: Asked) -> Response:
    return _people_page(asked)


def _people_page(asked: Asked, refused: Refused | None = None) -> Response:
    with asked.store.reading() as session:
        campaign = the_campaign(session)
        people, number = everybody(session), number_in(asked.request.query_params.get("page", ""))
        facts = {
            "refused": refused,
            "campaign": campaign,
            "people": people,
            "sheet": sheet_of(people, number, size=MOST_PEOPLE),
            "with_password": accounts.with_password(session),
            "names": names_of(session),
            "away": away_on(session, today_of(session, asked.now)),
            "towns": {town.code: town.name for town in need(campaign).towns},
            "may_invite": asked.may("people.invite"),
            "roles": list(ROLES),
            "typed": _typed(asked, asked.field("id")),
        }
        return show(asked, "people/people.html", facts, status=UNPROCESSABLE if refused else 200)


def invite(asked: Asked) -> Response:
    with asked.store.reading() as session:
        campaign = need(the_campaign(session))
    if not asked.house.settings.public_url:
        refused: Refused | None = NO_PUBLIC_URL
    else:
        refused = invite_by_mail(
            asked.store,
            person_id=need(asked.found.somebody).id,
            campaign_id=campaign.id,
            by=asked.person.id,
            now=asked.now,
        )
    return _people_page(asked, refused) if refused else go(f"/campaigns/{campaign.id}/people", said="invited")


def _typed(asked: Asked, person_id: str, *, prefix: str = "") -> Person:
    """The person of the form; with ``prefix`` as the form showed them before anybody typed."""

    def many(name: str) -> tuple[str, ...]:
        return tuple(sorted(set(asked.fields(prefix + name))))

    chosen = many("roles")
    return Person(
        id=person_id,
        name=asked.field(f"{prefix}name"),
        email=asked.field(f"{prefix}email"),
        roles=tuple(role for role in ROLES if role in chosen),
        town_code=asked.field(f"{prefix}town_code"),
        conflicts=many("conflicts"),
        deputy=asked.field(f"{prefix}deputy"),
    )


SEEN = "seen_"
"""What the fields are called that say whom the form showed."""


def _seen(asked: Asked, person_id: str) -> Person | None:
    return _typed(asked, person_id, prefix=SEEN) if asked.field(f"{SEEN}name") else None


def add_person(asked: Asked) -> Response:
    person = _typed(asked, asked.field("id"))
    done = _save(asked, person, is_new=True)
    if isinstance(done, Refused):
        return _people_page(asked, done)
    return go(f"/people/{person.id}", said="person_added") if done else _to_proposals(asked)


def _save(asked: Asked, person: Person, *, is_new: bool) -> bool | Refused:
    """True where it is done, False where a second person is to confirm it."""
    done = save_person(
        asked.store,
        person,
        is_new=is_new,
        by=asked.person.id,
        now=asked.now,
        days=_days(asked),
        seen=None if is_new else _seen(asked, person.id),
    )
    return done if isinstance(done, Refused) else all(one.proposal is None for one in done)


def _days(asked: Asked) -> int:
    return asked.house.settings.proposal_days


def _to_proposals(asked: Asked) -> Response:
    with asked.store.reading() as session:
        return go(f"/campaigns/{need(the_campaign(session)).id}/proposals", said="proposed")


# --- one person ----------------------------------------------------------------------------------


def show_person(asked: Asked) -> Response:
    return person_page(asked)


def person_page(asked: Asked, refused: Refused | None = None) -> Response:
    somebody = need(asked.found.somebody)
    with asked.store.reading() as session:
        campaign = need(the_campaign(session))
        facts = {
            "refused": refused,
            "campaign": campaign,
            "zone": campaign.zone,
            "somebody": somebody,
            "shown": _typed(asked, somebody.id) if refused and asked.field("name") else somebody,
            "seen": _seen(asked, somebody.id) or somebody if refused else somebody,
            "others": [one for one in everybody(session) if one.active and one.id != somebody.id],
            "names": names_of(session),
            "towns": campaign.towns,
            "roles": list(ROLES),
            "has_password": somebody.id in accounts.with_password(session),
            "duties": where_duties_go(session, somebody.id, now=asked.now),
            "titles": TITLES,
            **absence_facts(session, asked, somebody),
        }
        return show(asked, "people/person.html", facts, status=UNPROCESSABLE if refused else 200)


def _done(asked: Asked, refused: Refused | None, said: str) -> Response:
    somebody = need(asked.found.somebody)
    return person_page(asked, refused) if refused else go(f"/people/{somebody.id}", said=said)


def change_person(asked: Asked) -> Response:
    person = _typed(asked, need(asked.found.somebody).id)
    done = _save(asked, person, is_new=False)
    if isinstance(done, Refused):
        return person_page(asked, done)
    return _done(asked, None, "person_changed") if done else _to_proposals(asked)


def _settled(asked: Asked, done: int | Refused | None, *, said: str) -> Response:
    """Done at once, refused, or proposed to a second person under that number."""
    if isinstance(done, Refused):
        return person_page(asked, done)
    return _done(asked, None, said) if done is None else _to_proposals(asked)


def stand_down(asked: Asked) -> Response:
    done = staff.deactivate(
        asked.store,
        person_id=need(asked.found.somebody).id,
        by=asked.person.id,
        now=asked.now,
        days=_days(asked),
    )
    return _settled(asked, done, said="person_stood_down")


def take_back(asked: Asked) -> Response:
    done = staff.activate(
        asked.store,
        person_id=need(asked.found.somebody).id,
        by=asked.person.id,
        now=asked.now,
        days=_days(asked),
    )
    return _settled(asked, done, said="person_taken_back")


def unlock(asked: Asked) -> Response:
    refused = account_help.unlock(
        asked.store, person_id=need(asked.found.somebody).id, by=asked.person.id, now=asked.now
    )
    return _done(asked, refused, "unlocked")


def forget_device(asked: Asked) -> Response:
    done = account_help.forget_device(
        asked.store,
        person_id=need(asked.found.somebody).id,
        by=asked.person.id,
        now=asked.now,
        days=_days(asked),
    )
    return person_page(asked, done) if isinstance(done, Refused) else _to_proposals(asked)


def log_out_for(asked: Asked) -> Response:
    refused = account_help.log_out_for(
        asked.store, person_id=need(asked.found.somebody).id, by=asked.person.id, now=asked.now
    )
    return _done(asked, refused, "logged_out_for")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/people", "people.read", show_people),
    Route("POST", "/campaigns/{campaign_id}/people", "people.change", proved(add_person)),
    Route("POST", "/people/{person_id}/invitations", "people.invite", proved(invite)),
    Route("GET", "/people/{person_id}", "people.read", show_person),
    Route("POST", "/people/{person_id}/changes", "people.change", proved(change_person)),
    Route("POST", "/people/{person_id}/stand-down", "people.change", proved(stand_down)),
    Route("POST", "/people/{person_id}/return", "people.change", proved(take_back)),
    Route("POST", "/people/{person_id}/unlocking", "people.change", proved(unlock)),
    Route("POST", "/people/{person_id}/device-reset", "people.change", proved(forget_device)),
    Route("POST", "/people/{person_id}/logout", "people.change", log_out_for),
)
