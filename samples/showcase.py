"""The picture in the README: a photo of the sample session, and what came out of it. ``python -m samples.showcase``."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from capture.pipeline import stages
from capture.pipeline.frame import Pixels

PHOTO = Path(__file__).parent / "session" / "IMG_2235.jpg"
PICTURE = Path("docs/images/before-after.jpg")
HEIGHT = 620


def _scaled(pixels: Pixels) -> Pixels:
    width = round(pixels.shape[1] * HEIGHT / pixels.shape[0])
    return np.asarray(cv2.resize(pixels, (width, HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def main() -> None:
    data = PHOTO.read_bytes()
    outcome = stages.run(data)
    photo = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    clean = outcome.renditions[0].clean
    assert photo is not None
    assert clean is not None
    gap = np.full((HEIGHT, 24, 3), 255, np.uint8)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    picture = np.hstack([_scaled(np.asarray(photo, dtype=np.uint8)), gap, _scaled(clean.pixels)])
    cv2.imwrite(str(PICTURE), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])
    print(f"{PICTURE}: {outcome.scan.surfaces[0].phase.label}\n{outcome.scan.surfaces[0].text}")


if __name__ == "__main__":
    main()
