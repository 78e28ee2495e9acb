"""The papers of a campaign: listed and sent."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from actions.lists.papers import read_document
from portal.web.path_objects import need
from portal.web.rendering import as_file, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.lists.documents import documents_of


def show_documents(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        facts = {"documents": documents_of(session, campaign.id), "zone": campaign.zone, "quote": quote}
        return show(asked, "lists/documents.html", facts)


def send_document(asked: Asked) -> Response:
    document = need(asked.found.document)
    return as_file(read_document(asked.store, document.key), name=f"{document.title}.xlsx")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/documents", "document.read", show_documents),
    Route("GET", "/documents/{document_key:path}", "document.read", send_document),
)
