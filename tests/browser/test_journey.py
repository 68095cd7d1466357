"""The main job in a browser: photos in, a corner, a word and a phase set right, found again, and kept from others."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, SAMPLE, Open

Uploaded = tuple[str, dict[str, str]]


def api(page: Page, path: str) -> Any:
    return page.evaluate(f"fetch('/api/v1{path}').then((r) => r.json())")


def test_photos_become_boards(visit: Open, uploaded: Uploaded) -> None:
    path, boards = uploaded
    assert set(boards) == {"IMG_2122.jpg", "IMG_2201.jpg", "IMG_2248.jpg"}
    page = visit("fatou")
    page.goto(path)
    expect(page.locator("h1")).to_have_text("Congé parental")
    assert page.locator(".card[data-board]").count() >= 3
    expect(page.locator(".card img").first).to_be_visible()


def test_the_same_photo_again_is_not_sent(visit: Open, uploaded: Uploaded) -> None:
    page = visit("fatou")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/uploads/" in request.url else None)
    page.goto("/upload")
    page.locator("#session").select_option(label="Congé parental (4 nov. 2025)")
    page.locator("#files").set_input_files([SAMPLE / "IMG_2122.jpg"])
    expect(page.locator(".file .state")).to_have_text("déjà là", timeout=PATIENCE)
    expect(page.locator(".file img")).to_be_visible()  # its state as read has come, and has not taken that away
    expect(page.locator(".file .state")).to_have_text("déjà là")
    assert "PUT" not in sent


def test_an_upload_that_is_cut_goes_on_where_it_was(visit: Open, uploaded: Uploaded) -> None:
    page = visit("fatou")
    offsets: list[str] = []
    failed = []

    def handle(route: Any) -> None:
        offsets.append(route.request.url.rpartition("offset=")[2])
        if len(offsets) == 2:
            failed.append(True)
            route.abort()
        else:
            route.continue_()

    away: list[str] = []

    def asleep(route: Any) -> None:
        """The server does not answer the first two times that it is looked for."""
        away.append(route.request.url)
        route.abort() if len(away) < 3 else route.continue_()

    page.add_init_script("window.fresquePiece = 100000; window.fresqueLook = 400")
    page.route("**/api/v1/uploads/**", handle)
    page.route("**/health", asleep)
    page.goto("/upload")
    page.locator("#session").select_option(label="Congé parental (4 nov. 2025)")
    page.locator("#files").set_input_files([SAMPLE / "IMG_2117.jpg"])
    expect(page.locator("#line")).to_be_visible()
    page.wait_for_selector("#going[data-finished=true]", timeout=3 * PATIENCE)
    expect(page.locator("#line")).to_be_hidden()
    expect(page.locator("#over")).to_have_text("C’est fini : 1 photo lue.")
    assert failed
    assert len(away) == 3
    assert offsets[2] == offsets[1] == "100000", "the piece that was lost is sent again, the first is not"


def test_corner_word_and_phase_are_set_right_and_found(visit: Open, uploaded: Uploaded) -> None:
    board = uploaded[1]["IMG_2122.jpg"]
    page = visit("fatou")
    page.goto(f"/boards/{board}")
    page.wait_for_selector("html[data-ready]")

    # a corner: by keyboard, with the result at once
    before = api(page, f"/boards/{board}")
    page.locator("[data-corners]").click()
    expect(page.locator(".preview")).to_be_visible(timeout=PATIENCE)
    first = page.locator(".preview").get_attribute("src")
    page.locator(".handle").first.focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("(old) => document.querySelector('.preview').src !== old", arg=first, timeout=PATIENCE)
    page.locator("[data-save-corners]").click()
    expect(page.locator(".toast").first).to_be_visible()
    page.wait_for_function(
        f"""async () => {{ const b = await fetch('/api/v1/boards/{board}').then((r) => r.json());
        return b.pictures.straight !== {before["pictures"]["straight"]!r}; }}""",
        timeout=2 * PATIENCE,
        polling=1000,
    )
    after = api(page, f"/boards/{board}")
    assert after["views"][0]["quad"][0][0] > before["views"][0]["quad"][0][0] + 20
    assert after["views"][0]["quad"][2] == before["views"][0]["quad"][2]

    # a word: the line with its crop, Enter keeps it
    page.goto(f"/boards/{board}")
    page.wait_for_selector("html[data-ready]")
    page.locator("#lines button.text").first.click()
    expect(page.locator(".editor svg.crop image")).to_have_count(1)
    page.locator("#line-text").fill("Zanzibar la nounou")
    page.keyboard.press("Enter")
    expect(page.locator("#lines button.text").first).to_have_text("Zanzibar la nounou")

    # a phase: one key
    page.locator("#stage").focus()
    page.keyboard.press("a")
    expect(page.locator("[data-phase=ACT]")).to_have_attribute("aria-pressed", "true")

    # found, as one types, with the place lit
    page.goto("/search")
    page.locator("#q").press_sequentially("zanzibar", delay=20)
    for _ in range(40):
        if page.locator(f"a[href^='/boards/{board}']").count():
            break
        page.wait_for_timeout(500)
        page.locator("#q").dispatch_event("input")
    hit = page.locator(".card", has=page.locator(f"a[href^='/boards/{board}?']")).first
    expect(hit.locator("polygon.lit")).not_to_have_count(0)
    expect(hit.locator(".snippet mark").first).to_have_text("Zanzibar")
    expect(hit.locator(".chip.ACT")).to_be_visible()
    hit.locator("h3 a").click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#over polygon.lit")).not_to_have_count(0)
    assert "q=zanzibar" in page.url, "the address can be shared"

    # undone and back
    page.locator("[data-withdraw]").first.click()
    page.wait_for_load_state()
    page.wait_for_function(
        f"fetch('/api/v1/boards/{board}').then((r) => r.json()).then((b) => b.phase.source === 'auto')",
        timeout=PATIENCE,
    )


def test_an_action_is_set_right_where_it_is_listed(visit: Open, uploaded: Uploaded) -> None:
    """By keyboard: owner and date, done, taken away and brought back, added; and from the list to its place."""
    path, boards = uploaded
    board = boards["IMG_2248.jpg"]
    page = visit("fatou")
    page.goto("/upload")
    page.wait_for_function(
        f"fetch('/api/v1/boards/{board}').then((r) => r.json()).then((b) => b.decided.length > 2)",
        timeout=PATIENCE,
        polling=500,
    )

    def kept(text: str) -> dict[str, object] | None:
        return next((d for d in api(page, f"/boards/{board}")["decided"] if d["text"] == text), None)

    page.goto(path)
    row = page.locator(".deed", has=page.locator(f"a[href^='/boards/{board}#']")).first
    row.locator("[data-edit]").press("Enter")
    expect(page.locator("#d-text")).to_be_focused()
    expect(row.locator("svg.crop image")).to_have_count(1)  # what is written there
    page.locator("#d-text").fill("Prévenir Zanzibar")
    page.locator("#d-owner").fill("Karima")
    page.locator("#d-due").fill("2026-01-15")
    page.locator("#d-owner").press("Enter")
    expect(row.locator("[data-edit]")).to_be_focused()
    expect(row).to_contain_text("15 janv. 2026")
    row = page.locator(".deed", has_text="Prévenir Zanzibar")
    row.locator("[data-done]").press("Space")
    expect(row).to_contain_text("fait")
    page.wait_for_function(
        f"fetch('/api/v1/boards/{board}').then((r) => r.json()).then((b) => b.decided.some((d) => d.done))",
        timeout=PATIENCE,
        polling=500,
    )
    found = kept("Prévenir Zanzibar")
    assert found is not None
    assert (found["owner"], found["due"], found["done"], found["said_by"]) == ("Karima", "2026-01-15", True, "human")

    # taken away, undone, taken away again and brought back
    row.locator("[data-edit]").press("Enter")
    row.locator("[data-remove]").press("Enter")
    expect(row).to_be_hidden()
    assert kept("Prévenir Zanzibar") is None
    page.locator(".toast button").last.press("Enter")
    expect(row.locator("[data-edit]")).to_be_focused()
    assert kept("Prévenir Zanzibar") == found
    row.locator("[data-edit]").press("Enter")
    row.locator("[data-remove]").press("Enter")
    expect(row).to_be_hidden()
    page.goto(f"/boards/{board}")
    page.wait_for_selector("html[data-ready]")
    page.locator("#removed summary").press("Enter")
    with page.expect_navigation():
        page.locator("#removed button", has_text="Prévenir Zanzibar").press("Enter")
    page.wait_for_selector("html[data-ready]")
    assert kept("Prévenir Zanzibar") == found

    # added on the board; nothing that was there goes
    count = len(api(page, f"/boards/{board}")["decided"])
    page.locator("[data-add-deed]").press("Enter")
    page.locator("#d-text").fill("Réserver la grande salle")
    page.locator("#d-text").press("Enter")
    expect(page.locator(".deed", has_text="Réserver la grande salle").locator("[data-edit]")).to_be_focused()
    assert len(api(page, f"/boards/{board}")["decided"]) == count + 1

    # its place is lit from the session's list
    page.goto(path)
    page.locator(".deed a", has_text="Prévenir Zanzibar").press("Enter")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#over polygon.lit")).to_have_count(1)
    with page.expect_download() as fetched:
        page.goto(path)
        page.locator("#decided ~ .row a", has_text="CSV").click()
    with fetched.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["text"] == "Prévenir Zanzibar"]
    assert [(row["owner"], row["due"], row["done"]) for row in rows] == [("Karima", "2026-01-15", "yes")]


def test_who_has_no_right_sees_nothing_not_by_address_either(visit: Open, uploaded: Uploaded) -> None:
    path, boards = uploaded
    page = visit("bo")
    expect(page.locator("body")).not_to_contain_text("Congé parental")
    page.goto("/search?q=nounou")
    expect(page.locator("#results .card")).to_have_count(0)
    board = boards["IMG_2201.jpg"]
    for address in (path, f"/boards/{board}", f"/api/v1/boards/{board}", f"/api/v1/boards/{board}/pictures/thumb"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        assert "Congé" not in page.content()
    anyone = visit(None)
    anyone.goto(path)
    assert "/login" in anyone.url


def test_by_keyboard_alone(visit: Open, uploaded: Uploaded) -> None:
    """From the first page to a corrected line without a mouse."""
    page = visit("fatou")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#q").focus()
    page.keyboard.type("simulateur")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=simulateur")
    link = page.locator(".card h3 a").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("(e) => e === document.activeElement"):
            break
    else:
        raise AssertionError("the first hit is never reached")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("e")
    expect(page.locator("#line-text")).to_be_focused()
    text = page.locator("#line-text").input_value()
    page.keyboard.press("Control+A")
    page.keyboard.type(f"{text} !")
    page.keyboard.press("Enter")
    expect(page.locator("#lines button.text").first).to_have_text(f"{text} !")
    page.keyboard.press("Escape")
    expect(page.locator(".editor")).to_have_count(0)


def test_a_board_is_described_put_away_and_brought_back(visit: Open, uploaded: Uploaded) -> None:
    board = uploaded[1]["IMG_2248.jpg"]
    page = visit("fatou")
    page.goto(f"/boards/{board}")
    page.wait_for_selector("html[data-ready]")
    page.locator("#a-caption").fill("Les marraines")
    page.locator("#a-credit").fill("CC BY R. Castaing")
    page.locator("#about button").click()
    expect(page.locator("h1")).to_have_text("Les marraines")
    page.locator("summary", has_text="Ranger autrement").click()
    page.locator("[data-trash]").click()
    expect(page.locator(".toast").last).to_contain_text("corbeille")
    page.goto(uploaded[0])
    expect(page.locator(f"[data-board='{board}']")).to_have_count(0)
    page.goto("/trash")
    page.locator("[data-restore]").click()
    expect(page.locator("[data-restore]")).to_have_count(0)
    page.goto(uploaded[0])
    expect(page.locator(f"[data-board='{board}'] h3").first).to_have_text("Les marraines")


def test_a_face_is_blurred_and_shown_again(visit: Open, uploaded: Uploaded) -> None:
    """By keyboard: a frame added, moved and kept; another picture is shown then, and the first one after undoing."""
    board = uploaded[1]["IMG_2201.jpg"]
    page = visit("fatou")
    before = api(page, f"/boards/{board}")
    page.goto(f"/photos/{before['views'][0]['photo']}")
    page.locator("[data-faces]").press("Enter")
    expect(page.locator("#faces-bar")).to_be_visible(timeout=PATIENCE)
    page.locator("[data-add-face]").press("Enter")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("+")
    page.locator("[data-save-faces]").press("Enter")
    expect(page.locator("#h-faces + p")).to_contain_text("1 visage flouté", timeout=PATIENCE)
    blurred = api(page, f"/boards/{board}")
    assert blurred["pictures"].keys() == before["pictures"].keys()
    assert all(blurred["pictures"][name] != before["pictures"][name] for name in ("clean", "straight", "thumb"))
    page.locator("[data-withdraw]").press("Enter")
    expect(page.locator("#h-faces + p")).to_contain_text("Personne", timeout=PATIENCE)
    assert api(page, f"/boards/{board}")["pictures"] == before["pictures"]


def test_an_export_is_prepared_watched_and_fetched(visit: Open, uploaded: Uploaded) -> None:
    page = visit("fatou")
    page.goto("/search?q=nounou")
    page.locator("[data-export]").click()
    page.locator("#x-format").select_option("csv")
    with page.expect_download(timeout=PATIENCE) as told:
        page.locator("#export-form .primary").click()
    assert told.value.suggested_filename.endswith(".csv")
    assert "nounou" in Path(told.value.path()).read_text(encoding="utf-8-sig").lower()
    expect(page.locator("#export-say")).to_have_text("Le fichier est prêt.")


def test_a_board_is_turned_and_split_and_both_are_undone(visit: Open, uploaded: Uploaded) -> None:
    board = uploaded[1]["IMG_2248.jpg"]
    page = visit("fatou")
    before = api(page, f"/boards/{board}")
    photo = before["views"][0]["photo"]

    def read_again(work: str, told: Callable[[Any], bool]) -> Any:
        page.goto(f"/boards/{board}")
        page.wait_for_selector("html[data-ready]")
        page.locator("summary", has_text="Ranger autrement").click()
        page.locator(work).click()
        for _ in range(PATIENCE // 500):
            boards = api(page, f"/photos/{photo}")["boards"]
            if told(boards):
                return boards
            page.wait_for_timeout(500)
        raise AssertionError(f"{work} never came to be")

    def sizes(boards: Any) -> list[tuple[int, int]]:
        return [(each["width"], each["height"]) for each in boards]

    [turned] = read_again("[data-turn='90']", lambda boards: sizes(boards)[0][0] < sizes(boards)[0][1])
    assert turned["id"] == board, "it is the same board"
    assert abs(turned["width"] - before["height"]) < 8
    page.goto(f"/boards/{board}")
    page.wait_for_selector("html[data-ready]")
    page.locator("[data-withdraw]").first.click()
    for _ in range(PATIENCE // 500):
        if sizes(api(page, f"/photos/{photo}")["boards"])[0][0] > before["height"]:
            break
        page.wait_for_timeout(500)
    halves = read_again("[data-split='beside']", lambda boards: len(boards) == 2)
    assert board in {each["id"] for each in halves}, "the first part keeps its name"
    assert all(each["width"] < 0.7 * before["width"] for each in halves)


def test_closer_the_pieces_in_view_are_fetched(visit: Open, uploaded: Uploaded) -> None:
    page = visit("fatou")
    pieces: list[str] = []
    page.on("response", lambda answer: pieces.append(f"{answer.status} {answer.url}"))
    page.goto(f"/boards/{uploaded[1]['IMG_2201.jpg']}")
    page.wait_for_selector("html[data-ready]")
    assert not [p for p in pieces if "/iiif/" in p], "far away the small picture is enough"
    for _ in range(5):
        page.locator("[data-zoom=in]").click()
    expect(page.locator("#tiles img")).not_to_have_count(0, timeout=PATIENCE)
    drawn = "() => [...document.querySelectorAll('#tiles img')].every((image) => image.naturalWidth > 0)"
    for _ in range(PATIENCE // 500):
        if page.evaluate(drawn):
            break
        page.wait_for_timeout(500)
    assert page.evaluate(drawn)
    pieces = [each for each in pieces if "/iiif/" in each]
    assert pieces
    assert all(each.startswith("200") for each in pieces)
    page.locator("[data-zoom=fit]").click()
    expect(page.locator("#tiles img")).to_have_count(0)


def test_the_map_shows_every_board_as_a_link(visit: Open, uploaded: Uploaded) -> None:
    page = visit("fatou")
    page.goto("/atlas")
    page.wait_for_selector(".atlas svg", timeout=PATIENCE)
    links = {a.get_attribute("href") for a in page.locator(".atlas svg a").all()}
    assert {f"/boards/{board}" for board in uploaded[1].values()} <= links
    page.locator("#colour-by").select_option("year")
    expect(page.locator("#legend")).to_contain_text("2025")
    other = visit("bo")
    other.goto("/atlas")
    expect(other.locator("#atlas-wait")).to_have_text("Aucun panneau à placer encore.", timeout=PATIENCE)


def test_in_english_on_a_narrow_screen(visit: Open, uploaded: Uploaded) -> None:
    path, boards = uploaded
    page = visit("fatou", width=320, locale="en-GB")
    for address in (
        "/",
        path,
        f"/boards/{boards['IMG_2201.jpg']}",
        "/search?q=nounou",
        "/upload",
        "/account",
        "/timeline",
        "/atlas",
        "/trash",
    ):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.locator("nav[aria-label=Main]")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{address} is {wide} pixels wide"


def test_what_is_taken_away_comes_back_and_the_focus_stays_near(visit: Open, uploaded: Uploaded) -> None:
    page = visit("fatou")
    page.goto(f"/boards/{uploaded[1]['IMG_2201.jpg']}")
    page.wait_for_selector("html[data-ready]")
    page.locator("#c-text").fill("À montrer au comité")
    page.locator("#comment button").press("Enter")
    said = page.locator("#comments li", has_text="À montrer au comité")
    expect(said).to_be_focused(timeout=PATIENCE)
    said.locator("[data-drop-comment]").press("Enter")
    expect(said).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('section, li') !== null"), "the focus is not lost"
    page.locator(".toast button").last.press("Enter")
    expect(said).to_be_focused(timeout=PATIENCE)

    # going through the choices by keyboard chooses nothing yet
    before = api(page, f"/boards/{uploaded[1]['IMG_2201.jpg']}/corrections")
    page.locator("summary", has_text="Ranger autrement").click()
    page.locator("#content").press("ArrowDown")
    page.wait_for_timeout(300)
    assert api(page, f"/boards/{uploaded[1]['IMG_2201.jpg']}/corrections") == before

    # a filter that is chosen keeps the focus, and so does its way back
    page.goto("/search?q=nounou")
    pick = page.locator(f".pick[data-key='{page.locator('.pick').first.get_attribute('data-key')}']")
    pick.press("Enter")
    expect(pick).to_have_attribute("aria-current", "true")
    expect(pick).to_be_focused()
    pick.press("Enter")
    expect(pick).to_be_focused()
    expect(pick).not_to_have_attribute("aria-current", "true")

    # a search is kept, with the address of its feed until it is copied
    page.goto("/search?q=nounou&phase=SCAN")
    page.locator("[data-save]").press("Enter")
    expect(page.locator("#feed")).to_be_focused()
    feed = page.locator("#feed").input_value()
    page.keyboard.press("Escape")
    expect(page.locator("[data-save]")).to_be_focused()
    assert "<feed" in page.evaluate("(path) => fetch(path).then((r) => r.text())", feed[feed.index("/feeds/") :])
    page.reload()
    expect(page.locator("#saved")).to_be_visible()
