"""Pictures by themselves: large, and as thumbnails."""

from __future__ import annotations

from starlette.responses import Response

from actions.dossiers.pictures import read_picture
from portal.web.errors import error_page
from portal.web.path_objects import need
from portal.web.request import Asked
from portal.web.routes import Route


def show_picture(asked: Asked) -> Response:
    return _jpeg(asked, "shown")


def show_thumbnail(asked: Asked) -> Response:
    return _jpeg(asked, "thumbnail")


def _jpeg(asked: Asked, what: str) -> Response:
    picture = need(asked.found.picture)
    with asked.store.reading() as session:
        data = read_picture(session, asked.store, picture, what=what)
    if data is None:
        return error_page(asked.request, 404, "not_found")
    name = f'inline; filename="picture-{picture.id}.jpg"'
    return Response(data, media_type="image/jpeg", headers={"Content-Disposition": name})


ROUTES = (
    Route("GET", "/pictures/{picture_id}", "picture.read", show_picture),
    Route("GET", "/pictures/{picture_id}/thumbnail", "picture.read", show_thumbnail),
)
