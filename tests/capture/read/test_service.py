"""The reader by URL, against a small server on this machine that answers as it is told."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import cv2
import numpy as np
import pytest

from archive.errors import UsageError
from capture.pipeline.frame import Frame
from capture.pipeline.read.boxes import Box
from capture.pipeline.read.line import ReadLine
from capture.pipeline.read.service import ServiceParams, ask_again


class Server:
    """Answers in the order of ``answers``: a text, a status code, seconds to wait, or bytes as they are."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                outer.keys.append(self.headers.get("Authorization"))
                answer = outer.answers.pop(0) if outer.answers else ""
                if isinstance(answer, float):
                    time.sleep(answer)
                    answer = "late"
                code = answer if isinstance(answer, int) else 200
                body = answer if isinstance(answer, bytes) else chat(str(answer))
                self.send_response(code)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1/chat/completions"


def chat(text: str) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join()


def line(text: str, sure: float, left: int) -> ReadLine:
    corners = np.array([[left, 10], [left + 90, 10], [left + 90, 50], [left, 50]], float)
    return ReadLine(Box(corners, 1.0), text, sure, "ppocr")


PIXELS = np.full((60, 400, 3), 255, np.uint8)
PIXELS[10:50, 110:200] = (10, 20, 200)  # where the second line stands
LINES = [line("sûr", 0.95, 0), line("doutex", 0.3, 110), line("moyen", 0.6, 220)]


def asked(server: Server, **more: Any) -> tuple[list[ReadLine], tuple[str, ...]]:
    params = replace(ServiceParams(url=server.url, model="m", timeout=60.0, retries=1), **more)
    return ask_again(Frame(PIXELS), list(LINES), params, "secret", ("fr",))


def test_only_unsure_lines_are_asked_about_the_least_sure_first(server: Server) -> None:
    server.answers = ["douteux", "moyen"]
    found, warnings = asked(server)
    assert [x.text for x in found] == ["sûr", "douteux", "moyen"]
    assert [x.reader for x in found] == ["ppocr", "service", "ppocr"]
    assert [(o.text, o.confidence) for o in found[1].others] == [("doutex", 0.3)]
    assert warnings == ()


def test_the_question_is_a_chat_with_the_line_as_a_picture(server: Server) -> None:
    server.answers = ["douteux", "moyen"]
    asked(server)
    question = server.asked[0]
    assert question["model"] == "m"
    text, image = question["messages"][0]["content"]
    assert "fr" in text["text"]
    png = base64.b64decode(image["image_url"]["url"].removeprefix("data:image/png;base64,"))
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[:2] == (40, 90)
    assert np.abs(np.median(np.asarray(picture), axis=(0, 1)) - (10, 20, 200)).max() <= 1
    assert server.keys[0] == "Bearer secret"


def test_what_passes_is_tried_again(server: Server) -> None:
    server.answers = [503, "douteux", "moyen"]
    found, warnings = asked(server)
    assert found[1].text == "douteux"
    assert warnings == ()


@pytest.mark.parametrize("answer", [401, 1.0, b"<html>", b"{}", 500], ids=["refused", "late", "html", "form", "down"])
def test_a_service_that_fails_costs_nothing_but_a_warning(server: Server, answer: Any) -> None:
    server.answers = [answer] * 3
    found, warnings = asked(server, timeout=0.5 if answer == 1.0 else 60.0)
    assert [x.text for x in found] == [x.text for x in LINES]
    assert len(warnings) == 1
    assert len(server.asked) <= 2  # one retry, and no further line


def test_nobody_there(server: Server) -> None:
    found, [warning] = asked(server, url="http://127.0.0.1:9/v1/chat/completions")
    assert [x.text for x in found] == [x.text for x in LINES]
    assert "does not answer" in warning


def test_the_budget_bounds_the_questions(server: Server) -> None:
    server.answers = ["douteux", "moyen"]
    asked(server, budget=1)
    assert len(server.asked) == 1
    asked(server, seconds=0.0)
    assert len(server.asked) == 1


def test_an_answer_that_is_no_line_is_not_taken(server: Server) -> None:
    server.answers = ["mot " * 200, ""]
    found, _ = asked(server)
    assert [x.text for x in found] == [x.text for x in LINES]


@pytest.mark.parametrize("url", ["", "file:///etc/hosts", "ftp://127.0.0.1/x"])
def test_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(UsageError, match="no reading service"):
        ask_again(Frame(PIXELS), list(LINES), ServiceParams(url=url), "", ("fr",))
