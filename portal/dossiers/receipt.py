"""The receipt of a version: as a page, and as a paper."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from actions.dossiers.receipts import receipt_of
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, show
from portal.web.request import Asked
from portal.web.routes import Route
from rules.dossiers.receipts import Receipt
from rules.refusals import Refused
from workbooks.papers.receipt import facts, receipt_pdf

PDF = "application/pdf"


def show_receipt(asked: Asked) -> Response:
    return _page(asked, _receipt(asked))


def _receipt(asked: Asked) -> Receipt:
    with asked.store.reading() as session:
        return receipt_of(session, need(asked.found.upload))


def _page(asked: Asked, receipt: Receipt, refused: Refused | None = None) -> Response:
    told = {
        "refused": refused,
        "receipt": receipt,
        "facts": list(facts(receipt)),
        "upload": need(asked.found.upload),
        "village": need(asked.found.village),
    }
    return show(asked, "dossiers/receipt.html", told, status=UNPROCESSABLE if refused else 200)


def send_pdf(asked: Asked) -> Response:
    """The same as a PDF; without a Chinese font the page says what to install."""
    receipt = _receipt(asked)
    made = receipt_pdf(receipt, font=asked.house.settings.font)
    if isinstance(made, Refused):
        return _page(asked, receipt, made)
    name = quote(f"{receipt.town}{receipt.village}第{receipt.version}版回执.pdf", safe="")
    disposition = f"attachment; filename=\"receipt.pdf\"; filename*=UTF-8''{name}"
    return Response(made, media_type=PDF, headers={"Content-Disposition": disposition})


ROUTES = (
    Route("GET", "/uploads/{upload_id}/receipt", "village.read", show_receipt),
    Route("GET", "/uploads/{upload_id}/receipt.pdf", "village.read", send_pdf),
)
