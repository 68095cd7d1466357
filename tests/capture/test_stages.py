"""The whole pipeline on drawn boards: the way back to the photo, given corners, what ends up in the recipe."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from capture.pipeline import stages
from capture.pipeline.frame import Frame, apply_homography
from tests.fresque.test_cli import board_photo

QUAD = ((120.0, 90.0), (1090.0, 120.0), (1070.0, 800.0), (140.0, 780.0))  # as board_photo draws it


@pytest.fixture(scope="module")
def outcome() -> stages.Outcome:
    return stages.run(board_photo(["Plan d'action", "Karim : salle, avant le 15/03", "Budget 1 400 euros"]))


def test_one_photo_through_every_stage(outcome: stages.Outcome) -> None:
    [surface] = outcome.scan.surfaces
    assert np.abs(np.array(surface.quad) - QUAD).max() < 6
    assert "Karim" in surface.text
    assert surface.phase.likeliest == "ACT"
    assert set(outcome.scan.seconds) == {s.name for s in stages.stages(stages.Options())}


def test_the_homography_leads_back_to_the_corners(outcome: stages.Outcome) -> None:
    [surface] = outcome.scan.surfaces
    right, bottom = surface.width - 0.5, surface.height - 0.5
    corners = np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])
    assert np.abs(apply_homography(np.array(surface.homography), corners) - np.array(surface.quad)).max() < 1.5


def test_a_photo_on_its_side_is_read_and_its_quad_starts_at_the_upright_corner() -> None:
    upright = Image.open(
        io.BytesIO(board_photo(["Plan d'action", "Karim : salle, avant le 15/03", "Budget de 1 400 euros"]))
    )
    buffer = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", quality=92)  # counterclockwise
    [surface] = stages.run(buffer.getvalue()).scan.surfaces
    assert surface.rotation == 90
    assert "Karim" in surface.text
    expected = [(y, upright.width - 1 - x) for x, y in QUAD]
    assert np.abs(np.array(surface.quad) - expected).max() < 6


def test_given_corners_are_taken_as_they_are() -> None:
    half = ((120.0, 90.0), (1090.0, 120.0), (1080.0, 300.0), (130.0, 280.0))
    data = board_photo(["Plan d'action", "Karim : salle, avant le 15/03", "Budget 1 400 euros"])
    [surface] = stages.run(data, stages.Options(given_quads=(half,))).scan.surfaces
    assert surface.quad == half
    assert surface.quad_confidence == 1
    assert "Budget" not in surface.text


def test_a_board_that_was_turned_by_hand_is_not_turned_back() -> None:
    data = board_photo(["Plan d'action", "Karim : salle, avant le 15/03", "Budget 1 400 euros"])
    turned = (QUAD[3], QUAD[0], QUAD[1], QUAD[2])
    [surface] = stages.run(data, stages.Options(given_quads=(turned,))).scan.surfaces
    assert surface.quad == turned
    assert surface.width < surface.height


def test_a_photo_without_a_board_is_kept_whole() -> None:
    image = Image.effect_noise((800, 600), 4).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    [surface] = stages.run(buffer.getvalue()).scan.surfaces
    assert surface.whole_photo
    assert (surface.width, surface.height) == (800, 600)


def test_an_empty_door_beside_a_board_is_no_board() -> None:
    photo = Image.new("RGB", (1800, 1000), (120, 110, 105))
    draw = ImageDraw.Draw(photo)
    draw.rectangle((100, 150, 1050, 850), fill=(247, 247, 244))
    draw.rectangle((1300, 100, 1650, 900), fill=(235, 228, 215))
    font = ImageFont.load_default(size=64)
    for row, text in enumerate(("Constats", "file au guichet", "besoin de silence")):
        draw.text((180, 220 + 150 * row), text, fill=(20, 30, 110), font=font)
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=92)
    assert all(surface.regions for surface in stages.run(buffer.getvalue()).scan.surfaces)


def test_the_recipe_tells_versions_and_parameters_apart() -> None:
    base = stages.Options()
    other = replace(base, read=replace(base.read, reader="tesseract"))
    assert stages.recipe(base).digest == stages.recipe(stages.Options(threads=1)).digest
    changed = {a.name for a, b in zip(stages.recipe(base).stages, stages.recipe(other).stages, strict=True) if a != b}
    assert changed == {"read"}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_frames_lead_back_to_the_same_place(turn: int) -> None:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[7, 13] = (1, 2, 3)
    turned = Frame(pixels).turned(turn)
    [[y, x]] = np.argwhere((turned.pixels == (1, 2, 3)).all(axis=2))
    assert turned.points_to_photo(np.array([[x, y]], dtype=float)) == pytest.approx(np.array([[13.0, 7.0]]))
