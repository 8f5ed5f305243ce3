"""The page holds every text and value as data, escapes nothing wrongly, and a browser draws what it says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import typeloom as tl
from typeloom.testing import FakeModel
from typeloom.view.page import ShownDocument, ShownField, json_fields, page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Scripts(HTMLParser):
    """What an HTML reader finds inside of the script elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.bodies: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        if self.inside:
            self.bodies.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.bodies[-1] += data


def data_of(html: str) -> dict[str, Any]:
    bodies = Scripts(html).bodies
    assert len(bodies) == 2
    return json.loads(bodies[0])


@given(text=st.text(), value=st.text(), title=st.text())
def test_every_text_arrives_as_it_is(text: str, value: str, title: str) -> None:
    text += "</script><!--"
    data = data_of(page([ShownDocument(text, [ShownField("a", value)])], title))
    (document,) = data["documents"]
    assert (data["title"], document["text"], document["fields"][0]["value"]) == (title, text, value)


@given(text=st.text(min_size=1, alphabet="a💥é東"), data=st.data())
def test_positions_are_those_of_the_browser(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))
    shown = data_of(page([ShownDocument(text, [ShownField("a", "x", [(start, end)])])]))
    ((first, last),) = shown["documents"][0]["fields"][0]["spans"]
    units = text.encode("utf-16-le")
    assert units[2 * first : 2 * last].decode("utf-16-le") == text[start:end]


def test_nothing_is_loaded_from_elsewhere() -> None:
    html = page([ShownDocument("text")])
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?:", html)


def test_the_scalars_of_a_value_are_its_fields() -> None:
    value = {"a": [1, {"b c": None}], "d": {}, "e": [True, []]}
    assert json_fields(value) == [("a[0]", 1), ('a[1]."b c"', None), ("d", None), ("e[0]", True), ("e[1]", None)]
    assert json_fields("one") == [("", "one")]


def test_results_are_shown_with_their_evidence_and_errors_in_their_place(tmp_path: Path) -> None:
    texts = ["due 2026-01-02", ""]
    model = FakeModel()
    results = [model.extract(dict[Literal["due"], bool], texts[0], detail=True), tl.Error("empty")]
    tl.to_html(results, tmp_path / "view.html", title="Two", texts=texts)
    first, second = data_of((tmp_path / "view.html").read_text(encoding="utf-8"))["documents"]
    assert first["text"] == texts[0]
    assert [field["path"] for field in first["fields"]] == list(results[0].fields)
    assert second["error"] == "Error: empty"


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_browser_draws_texts_values_and_marks(tmp_path: Path) -> None:
    text = "💥 <b>Total</b>: 12 EUR & more"
    at = text.index("12")
    fields = [ShownField("total", 12, [(at, at + 2)], confidence=0.25), ShownField("due", None)]
    path = tmp_path / "view.html"
    path.write_text(page([ShownDocument(text, fields), ShownDocument("other")], "Bills"), encoding="utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    body = done.stdout.split("<script", 1)[0]
    assert "<h1>Bills</h1>" in body
    assert "2 of 2 documents" in body
    assert "&lt;b&gt;Total&lt;/b&gt;" in body
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", body) == ["12"]
    assert re.search(r'<td class="null">null</td>', body)
    assert "0.25" in body
