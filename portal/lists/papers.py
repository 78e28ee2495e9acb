"""Papers from templates: made, made anew with a reason, and sent as Word or PDF."""

from __future__ import annotations

from starlette.responses import Response

from actions.lists.editions import make_paper, open_paper, open_paper_pdf
from actions.lists.paper_facts import BY_VILLAGE, PRIVATE
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, as_file, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.campaign.villages import villages_of
from records.lists.papers import papers_of
from records.people.people import Names
from records.review.gates import gates_of
from rules.refusals import Refused
from workbooks.papers.office import find_office
from workbooks.papers.paper_templates import TEMPLATES


def show_papers(asked: Asked) -> Response:
    return _papers_page(asked)


def _papers_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        gates = gates_of(session, campaign.id)
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "papers": papers_of(session, campaign.id),
            "titles": {kind: title for kind, (title, _) in TEMPLATES.items()},
            "by_village": BY_VILLAGE,
            "private": PRIVATE,
            "villages": villages_of(session, campaign.id),
            "lists": [one for one in gates if one.name == "award" and one.answer == "approve"],
            "may_make": asked.may("paper.make"),
            "office": find_office() is not None,
            "names": Names(session),
            "typed": {name: asked.field(name) for name in ("kind", "about", "why")},
        }
        return show(asked, "lists/papers.html", facts, status=UNPROCESSABLE if refused else 200)


def make(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    done = make_paper(
        asked.store,
        campaign_id=campaign.id,
        kind=asked.field("kind"),
        about=asked.field("about"),
        by=asked.person.id,
        why=asked.field("why"),
        now=asked.now,
        font=str(asked.house.settings.font),
    )
    if isinstance(done, Refused):
        return _papers_page(asked, done)
    return go(f"/campaigns/{campaign.id}/papers", said="paper_made")


def send(asked: Asked) -> Response:
    """The edition that the form names, as it was made."""
    campaign, number = need(asked.found.campaign), asked.field("paper")
    pdf = asked.field("form") == "pdf"
    with asked.store.reading() as session:
        paper = next((one for one in papers_of(session, campaign.id) if str(one.id) == number), None)
    if paper is None:
        return _papers_page(asked, Refused("no_such_paper", "没有这份文书，或者您没有查看权限。"))
    read = open_paper_pdf if pdf else open_paper
    data = read(
        asked.store, paper_id=paper.id, by=asked.person.id, reason=asked.field("reason"), now=asked.now
    )
    if isinstance(data, Refused):
        return _papers_page(asked, data)
    return as_file(data, name=f"{paper.title}-{paper.number:03d}-{paper.edition}.{'pdf' if pdf else 'docx'}")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/papers", "document.read", show_papers),
    Route("POST", "/campaigns/{campaign_id}/papers", "paper.make", make),
    Route("POST", "/campaigns/{campaign_id}/papers/files", "document.read", send),
)
