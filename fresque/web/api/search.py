"""Search over the API, searches that are kept, and their feeds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from archive.accounts import Scope
from archive.errors import BadQuery
from fresque.web import finding
from fresque.web.api.bodies import Body, Name, Names, SearchBody
from fresque.web.desk import AtDesk

router = APIRouter(tags=["search"])


@router.get("/search")
def search(
    desk: AtDesk,
    q: Annotated[str, Query(max_length=2000, examples=["perdus devant l'ordinateur", "guichet phase:act"])] = "",
    limit: Annotated[int, Query(ge=1, le=finding.MOST)] = finding.PAGE,
) -> dict[str, Any]:
    """By word, by letters and by meaning. Facets are parameters of their own (``phase=ACT``, ``lab=…``, ``year=…``) and
    may be repeated. Hits, counts and facets hold only what you may see. ``boxes`` lie on the straightened board."""
    wish = finding.asked(desk.request.query_params.multi_items(), limit)
    found = finding.find(desk, wish)
    if found.problem:
        raise BadQuery(found.problem, found.hint)
    return {
        "query": q,
        "took_ms": found.took_ms,
        "total": found.total,
        "suggestion": found.suggestion,
        "hits": list(found.hits),
        "facets": {name: dict(values) for name, values in found.facets.items()},
    }


class ThemeBody(Body):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Petite enfance"}]})
    name: Name
    words: Names = Field([])


@router.get("/themes")
def themes(desk: AtDesk) -> list[dict[str, Any]]:
    """The archive's vocabulary: boards whose text holds a theme's words carry it."""
    desk.rights.need(Scope.READ in desk.viewer.scopes)
    return [{"id": t.id, "name": t.name, "words": list(t.words)} for t in desk.catalog.themes()]


@router.post("/themes", status_code=201)
def add_theme(body: ThemeBody, desk: AtDesk) -> dict[str, Any]:
    """For facilitators; sessions are settled again with it."""
    desk.need_write()
    desk.rights.need(desk.viewer.is_facilitator)
    made = desk.catalog.add_theme(body.name, body.words, desk.name)
    desk.state.keeper.wake()
    return {"id": made.id, "name": made.name, "words": list(made.words)}


@router.get("/searches")
def saved(desk: AtDesk) -> list[dict[str, Any]]:
    return [_form(s) for s in desk.catalog.saved_searches(desk.viewer.id)]


@router.post("/searches", status_code=201)
def save(body: SearchBody, desk: AtDesk) -> dict[str, Any]:
    """``feed`` is the address of an Atom feed of what the search finds, with your rights; it is shown this once."""
    desk.need_write()
    made, secret = desk.catalog.save_search(desk.viewer.id, body.title, body.query)
    return _form(made) | {"feed": f"{desk.state.served.address}/feeds/{secret}.atom"}


@router.delete("/searches/{search_id}", status_code=204, response_class=Response)
def forget(search_id: str, desk: AtDesk) -> Response:
    desk.need_write()
    desk.catalog.drop_search(desk.viewer.id, search_id)
    return Response(status_code=204)


def _form(search: Any) -> dict[str, Any]:
    return {
        "id": search.id,
        "title": search.title,
        "query": search.query,
        "made_at": search.made_at.isoformat(),
    }
