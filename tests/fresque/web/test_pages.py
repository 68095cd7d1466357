"""What holds for every page: what boards hold is text, headers keep foreign code out, words are in two languages."""

from __future__ import annotations

import ast
import gzip
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import fresque.web as room
from archive import errors
from archive.model import CorrectionField, Session
from fresque.web import words
from fresque.web.foreign import in_french
from fresque.web.pages import cards as cards_of_day
from tests.archive import making
from tests.fresque.web.conftest import Place, ok
from tests.fresque.web.sentences import form_of

ROOM = Path(room.__file__).parent
API = "/api/v1"
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \u202e</title>'


class Tags(HTMLParser):
    """Elements and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def pages(place: Place) -> list[str]:
    board, photo = place.boards["own-open"], place.photos["own-open"]
    return [
        "/", "/search?q=partout", "/search", "/upload", "/timeline", "/account", "/people", "/login", "/nowhere",
        "/sessions/own-open", "/sessions/own-open/edit", f"/boards/{board}?q=partout", f"/photos/{photo}",
        "/materials/text-own-open",
    ]  # fmt: skip


def test_the_check_sees_markup_that_is_live() -> None:
    found = Tags(f"<p>{EVIL}</p>").found
    assert ("script", {}) in found
    assert any("onerror" in attributes for _, attributes in found)


def test_what_people_wrote_is_never_markup(alone: Place) -> None:
    """Board text (in the archive of these tests already), titles, labs, file names, captions, comments, searches."""
    catalog, client = alone.app.archive.catalog, alone.clients["local"]
    session = replace(catalog.session("own-open"), title=EVIL, lab=EVIL, themes=(EVIL,))
    catalog.update_session(session)
    board, photo = alone.boards["own-open"], alone.photos["own-open"]
    ok(client.post(f"{API}/boards/{board}/comments", json={"text": EVIL}))
    anchor = [[60, 60], [360, 60], [360, 100], [60, 100]]
    ok(client.post(f"{API}/boards/{board}/corrections", json={"field": "text", "value": EVIL, "anchor": anchor}))
    said = {"field": "decided", "value": {"text": EVIL, "owner": EVIL}}
    ok(client.post(f"{API}/boards/{board}/corrections", json=said))
    gone = {"field": "decided", "value": {"text": EVIL}, "anchor": [[60, 300], [200, 300], [200, 340], [60, 340]]}
    ok(client.post(f"{API}/boards/{board}/corrections", json=gone))
    ok(client.post(f"{API}/boards/{board}/corrections", json=gone | {"value": None}))
    ok(client.post(f"{API}/searches", json={"title": EVIL, "query": f"?q={EVIL}"}))
    catalog.refuse("own-open", EVIL, EVIL)
    catalog.correct(photo, None, CorrectionField.CONTENT, "other", author=EVIL)
    alone.app.refresh()
    for page in [
        *pages(alone),
        "/search?q=alert",
        f"/search?q={EVIL}",
        f"/search?q=a&lab={EVIL}",
        f"/login?next=/{EVIL}",
    ]:
        html = client.get(page).text
        for tag, attributes in Tags(html).found:
            assert not any(name.startswith("on") for name in attributes), (page, tag, attributes)
            ours = str(attributes.get("src")).startswith("/static/") or attributes.get("type") == "application/json"
            assert tag != "script" or ours, page
            assert attributes.get("src") != "x", page
            assert not str(attributes.get("href", "")).lower().startswith("javascript"), page
        assert "49" not in re.sub(r"\d{3,}", "", html.split("alert(1)")[-1])[:40], page
    assert "&lt;script&gt;alert(1)" in client.get(f"/boards/{board}").text


def test_headers_of_every_answer(alone: Place) -> None:
    client = alone.clients["local"]
    addresses = [*pages(alone), f"{API}/me", f"{API}/boards/nothing", "/static/x/style.css"]
    for address in addresses:
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in policy
        if not address.startswith("/static"):
            assert "no-store" in headers["cache-control"]


def test_no_page_needs_style_or_script_of_its_own(alone: Place) -> None:
    """The policy would refuse them; and nothing comes from elsewhere."""
    for page in pages(alone):
        for tag, attributes in Tags(alone.clients["local"].get(page).text).found:
            assert "style" not in attributes, (page, tag)
            assert tag != "style", page
            for name in ("src", "href", "action"):
                value = attributes.get(name) or ""
                assert not re.match(r"(https?:)?//", value), (page, value)


def test_pictures_are_kept_by_the_browser_of_who_may_see_them(alone: Place) -> None:
    client, board = alone.clients["local"], alone.boards["own-open"]
    address = client.get(f"{API}/boards/{board}").json()["pictures"]["thumb"]
    first = ok(client.get(address))
    assert "private" in first.headers["cache-control"]
    assert "immutable" in first.headers["cache-control"]
    assert client.get(address, headers={"if-none-match": first.headers["etag"]}).status_code == 304
    small = ok(client.get(f"{API}/photos/{alone.photos['own-open']}/picture?width=320"))
    assert small.headers["content-type"] == "image/webp"
    original = ok(client.get(f"{API}/photos/{alone.photos['own-open']}/original"))
    assert original.headers["content-disposition"].startswith("attachment")


def test_the_search_page_is_light(alone: Place) -> None:
    """Without pictures: the page, its style and its scripts."""
    client = alone.clients["local"]
    page = client.get("/search?q=partout").text
    files = {
        address
        for _, attributes in Tags(page).found
        for address in (attributes.get("src"), attributes.get("href"))
        if address and address.startswith("/static")
    }
    scripts = {f"/static/x/{name}" for name in ("page.js", "search.js")}
    whole = len(page) + sum(len(client.get(f).content) for f in files | scripts)
    assert whole < 150_000
    assert len(gzip.compress(page.encode())) < 20_000


def test_a_session_id_may_hold_anything(alone: Place) -> None:
    client = alone.clients["local"]
    for key in ("2026/03 été", "a~b/~1", "100%", "?x=1#y", "..", "a&b"):
        alone.app.archive.catalog.add_session(Session(key, f"Titre {len(key)}"))
    html = client.get("/").text
    links = [a["href"] for tag, a in Tags(html).found if tag == "a" and str(a.get("href", "")).startswith("/sessions/")]
    assert len(links) == 13
    for link in links:
        assert ".." in str(link) or ok(client.get(str(link)))


# --- words ---


def sources() -> list[Path]:
    return [*sorted(ROOM.rglob("*.py")), *sorted((ROOM / "data" / "templates").glob("*.j2"))]


def said() -> set[str]:
    """Every text given to ``_`` in a template or told as an error; plural forms by their first."""
    found: set[str] = set()
    for path in (ROOM / "data" / "templates").glob("*.j2"):
        text = path.read_text(encoding="utf-8")
        found |= {m.group(2) for m in re.finditer(r"""(?<![\w.])_\((["'])(.+?)\1[,)]""", text)}
        found |= {m.group(1) for m in re.finditer(r"""\bn_\("(.+?)",""", text)}
    return found


def test_every_word_on_screen_has_its_english() -> None:
    with (ROOM / "data" / "en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    known = {(m.id[0] if isinstance(m.id, tuple) else m.id): m.string for m in catalogue if m.id}
    missing = sorted(text for text in said() if not known.get(text))
    assert not missing, missing[:20]
    assert len(said()) > 100


@pytest.mark.parametrize("page", ["/", "/search", "/upload", "/sessions/own-open", "/account"])
def test_two_languages(alone: Place, page: str) -> None:
    client = alone.clients["local"]
    french = client.get(page, headers={"accept-language": "fr-FR,fr;q=0.9,en;q=0.5"}).text
    english = client.get(page, headers={"accept-language": "en-GB,en;q=0.9"}).text
    other = client.get(page, headers={"accept-language": "pl"}).text
    assert '<html lang="fr"' in french
    assert '<html lang="en"' in english
    assert "Chercher" in french
    assert "Search" in english
    assert "Chercher" not in re.sub(r'href="[^"]*"', "", english)
    assert '<html lang="fr"' in other
    ok(client.get("/language/en?next=/"), 303)
    assert '<html lang="en"' in client.get(page, headers={"accept-language": "fr"}).text


ELSEWHERE = ("backup", "restore", "bag", "place", "postgres", "schema", "merge", "rehearse")
"""Of archive/: what only commands do."""


def sentences() -> set[str]:
    """What archive, capture and index say when they refuse, with {} for what is filled in; and every hint."""
    repository = ROOM.parent.parent
    files = [f for f in (repository / "archive").glob("*.py") if f.stem not in ELSEWHERE]
    files += [*(repository / "capture").glob("*.py"), repository / "capture" / "pipeline" / "load.py"]
    files += [repository / "index" / f"{name}.py" for name in ("query", "store", "similar", "engine")]
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS:
                found |= {text for given in node.args[:2] if (text := form_of(given))}
    for name in KINDS:
        found |= {getattr(errors, name).hint} - {""}
    return found


KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and hasattr(kind, "exit_code")}


def test_what_the_other_rooms_say_has_its_french() -> None:
    said = sentences()
    assert len(said) > 100
    with (ROOM / "data" / "fr.po").open("rb") as file:
        missing = sorted(said - {str(m.id) for m in read_po(file, locale="fr") if m.string})
    assert not missing, missing


def test_french_keeps_what_was_filled_in() -> None:
    assert in_french("the login 'zoé' is taken") == "l’identifiant « zoé » est pris"
    both = in_french("the picture is truncated or damaged: broken (copy it again from the phone or the card)")
    assert both == "l’image est tronquée ou abîmée : broken (copiez-le de nouveau depuis le téléphone ou la carte)"
    assert in_french("glare covers 4 % of the board") == "un reflet couvre 4 % du panneau"
    assert in_french("Rien à dire.") == "Rien à dire."


def test_a_session_counts_its_corrections_and_follows_them(alone: Place) -> None:
    """Its boards come from memory while they are as they were."""
    client, catalog = alone.clients["local"], alone.app.archive.catalog
    board, photo = alone.boards["own-open"], alone.photos["own-open"]
    assert catalog.correction_count("own-open") == 0
    assert 'chip ACT">ACT' not in client.get("/sessions/own-open").text
    made = catalog.correct(photo, board, CorrectionField.PHASE, "ACT")
    assert 'chip ACT">ACT' in client.get("/sessions/own-open").text
    assert (catalog.correction_count("own-open"), catalog.correction_count("own-lab")) == (1, 0)
    catalog.withdraw(made.id)
    assert 'chip ACT">ACT' not in client.get("/sessions/own-open").text
    assert catalog.correction_count("own-open") == 0


def test_an_earlier_reading_counts_again_and_the_later_one_after_it(alone: Place) -> None:
    client, archive = alone.clients["local"], alone.app.archive
    board, photo = alone.boards["own-open"], alone.photos["own-open"]
    images = [dict(archive.catalog.board(board).renditions)]
    again = making.scan([making.surface(making.LEFT, making.line("lu autrement", making.box(60, 60, 300, 40)))])
    archive.catalog.commit_scan(photo, again, images)
    page = client.get(f"/boards/{board}").text
    assert "lu autrement" in page
    assert 'data-reading="1"' in page
    assert 'data-reading="2"' not in page
    told = ok(client.get(f"{API}/photos/{photo}/readings")).json()
    assert [(each["number"], each["current"]) for each in told] == [(2, True), (1, False)]
    assert ok(client.post(f"{API}/photos/{photo}/readings/1")).json()["boards"] == [board]
    assert "lu autrement" not in client.get(f"/boards/{board}").text
    ok(client.post(f"{API}/photos/{photo}/readings/2"))
    assert "lu autrement" in client.get(f"/boards/{board}").text
    assert client.post(f"{API}/photos/{photo}/readings/9").status_code == 404


def test_a_session_is_described_by_objects_and_by_words(alone: Place) -> None:
    client = alone.clients["local"]
    agenda = ["2024-03-05 14:00 ACT", {"phase": "SCAN", "begins": "2024-03-05T09:30:00"}]
    body = {"title": "Décrite", "people": [{"name": "Anne"}, "Karim=facilitator"], "agenda": agenda}
    made = ok(client.post(f"{API}/sessions", json=body), 201).json()
    assert [(p["name"], p["role"]) for p in made["people"]] == [("Anne", "participant"), ("Karim", "facilitator")]
    kept = alone.app.archive.catalog.session(made["id"])
    assert [item.phase.value for item in kept.agenda] == ["SCAN", "ACT"]


def test_no_board_of_a_day_hides_another() -> None:
    """Eighty photos at the end of the afternoon stand over each other, as high as they need."""
    six = datetime(2025, 11, 4, 17, 0, tzinfo=UTC)
    cards = [{"moment": six + timedelta(seconds=20 * n), "board": n} for n in range(80)]
    cards += [{"moment": six - timedelta(hours=7), "board": 80}, {"moment": None, "board": 81}]
    [day] = cards_of_day.days(cards)
    assert [dot["card"]["board"] for dot in day["dots"]] == [80, *range(80)]
    for row in {dot["y"] for dot in day["dots"]}:
        places = sorted(dot["x"] for dot in day["dots"] if dot["y"] == row)
        assert all(b - a >= cards_of_day.DOT for a, b in pairwise(places))
        assert 0 <= row <= day["tall"]
    assert min(dot["y"] for dot in day["dots"]) == 0


def test_the_timeline_of_one_session_shows_its_days(alone: Place) -> None:
    catalog, client = alone.app.archive.catalog, alone.clients["local"]
    assert "near-1" not in client.get("/timeline").text, "no session has a date"
    catalog.update_session(replace(catalog.session("own-open"), start=date(2024, 3, 5)))
    blob = alone.app.archive.blobs.put(b"taken at nine")
    photo, _ = catalog.add_photo("own-open", blob, "z.jpg", taken_at=datetime(2024, 3, 5, 9, 0, tzinfo=UTC))
    line = making.line("à neuf heures", making.box(60, 60, 300, 40))
    [board] = catalog.commit_scan(photo.id, making.scan([making.surface(making.LEFT, line)]))
    page = client.get("/timeline").text
    assert f'<a href="/boards/{board.id}" aria-label=' in page
    assert "mardi 5 mars 2024" in page.lower()


def test_no_french_line_begins_with_a_mark() -> None:
    assert words.spaced("« Oui » : est-ce sûr ?") == "«\N{NO-BREAK SPACE}Oui\N{NO-BREAK SPACE}»" + (
        "\N{NO-BREAK SPACE}: est-ce sûr\N{NO-BREAK SPACE}?"
    )
    assert words.Words("fr")("À vérifier :") == "À vérifier\N{NO-BREAK SPACE}:"
    assert words.Words("en")("À vérifier :").startswith("To check")
