"""The page holds every text and value as data, escapes nothing wrongly, and a browser draws what it says."""

from __future__ import annotations

import html
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

    def __init__(self, text: str) -> None:
        super().__init__()
        self.bodies: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        if self.inside:
            self.bodies.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.bodies[-1] += data


def data_of(text: str) -> dict[str, Any]:
    bodies = Scripts(text).bodies
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
    written = page([ShownDocument("text")])
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?:", written)


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


def drawn(path: Path, text: str, steps: str = "", fragment: str = "") -> str:
    """What a browser makes of the page, after some steps of JavaScript in it."""
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    path.write_text(text.replace("</body>", f"<script>{steps}</script></body>"), encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += [f"--user-data-dir={path.parent / 'profile'}", "--dump-dom", path.as_uri() + fragment]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_browser_draws_texts_values_and_marks(tmp_path: Path) -> None:
    text = "💥 <b>Total</b>: 12 EUR & more"
    at = text.index("12")
    fields = [
        ShownField("total", 12, [(at, at + 2)], confidence=0.25),
        ShownField("due", None),
        ShownField("by", "Ann"),
    ]
    documents = [ShownDocument(text, fields), ShownDocument("other")]
    body = drawn(tmp_path / "view.html", page(documents, "Bills")).split("<script", 1)[0]
    assert "<h1>Bills</h1>" in body
    assert "2 of 2 documents" in body
    assert "&lt;b&gt;Total&lt;/b&gt;" in body
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", body) == ["12"]
    assert '<span class="null">null</span>' in body
    assert '<span class="unfound">Ann</span>' in body
    assert "0.25" in body


STEPS = """
const seen = [];
const press = (key, node = document.body) => node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const choose = (id, value) => { at(id).value = value; at(id).dispatchEvent(new Event("input")); };
const note = (name, value) => seen.push([name, value]);
note("opened", location.hash);
press("j"); note("j", location.hash);
press("ArrowDown"); press("j"); note("the last stays", location.hash);
press("k"); note("k", location.hash);
press("n"); note("n", document.querySelector("mark.step").textContent);
note("tip", at("#tip").hidden ? "" : at("#tip").textContent);
press("n"); press("n"); note("around", document.querySelector("mark.step").textContent);
press("p"); note("p", document.querySelector("mark.step").textContent);
document.querySelector("mark.step").dispatchEvent(new MouseEvent("mouseleave")); note("left", at("#tip").hidden);
const row = [...document.querySelectorAll("td.path")].find((cell) => cell.textContent === "items[1].price").parentNode;
row.dispatchEvent(new MouseEvent("mouseenter", { clientX: 5, clientY: 5 }));
note("lit", [...document.querySelectorAll("mark.lit")].map((mark) => mark.textContent));
row.dispatchEvent(new MouseEvent("mouseleave"));
note("not lit", document.querySelectorAll("mark.lit").length);
choose("#search", "cups"); note("search", [at(".count").textContent, location.hash]);
choose("#search", "no such word");
note("nothing", [at("main").textContent, document.querySelectorAll("nav div").length]);
choose("#search", "");
for (const state of ["failed", "unfound", "unsure"]) { choose("#state", state); note(state, at("nav").textContent); }
choose("#state", ""); choose("#field", "items[].price");
note("field", [at(".count").textContent, document.querySelectorAll("mark").length]);
choose("#field", "");
press("t"); note("t", [location.hash, document.querySelectorAll("tbody tr").length]);
note("columns", [...document.querySelectorAll("thead th")].map((cell) => cell.textContent));
note("cells", [...document.querySelectorAll("tbody tr")].map((row) => row.lastChild.textContent));
document.querySelector("tbody tr:nth-child(3)").click(); note("click", location.hash);
press("/"); note("/", document.activeElement.id);
press("j", at("#search")); note("typing", location.hash);
document.body.append(make("pre", { id: "seen", textContent: JSON.stringify(seen) }));
"""


def test_keys_filters_and_the_pointer(tmp_path: Path) -> None:
    two = "chair 80, table 120"
    items = [ShownField("items[0].price", 80, [(6, 8)], 0.9), ShownField("items[1].price", 120, [(16, 19)], 0.4)]
    documents = [
        ShownDocument("three cups", [ShownField("who", "Ann", confidence=0.8)]),
        ShownDocument(two, [*items, ShownField("who", None)]),
        ShownDocument("broken", error="Error: no"),
    ]
    body = drawn(tmp_path / "view.html", page(documents), STEPS, "#1")
    found = re.search(r'<pre id="seen">(.*?)</pre>', body, re.S)
    assert found, body[-2000:]
    tip = "items[0].price: 80\nconfidence 0.90"
    assert dict(json.loads(html.unescape(found[1]))) == {
        "opened": "#1",
        "j": "#2",
        "the last stays": "#3",
        "k": "#2",
        "n": "80",
        "tip": tip,
        "around": "80",
        "p": "120",
        "left": True,
        "lit": ["120"],
        "not lit": 0,
        "search": ["1 of 3 documents", "#1"],
        "nothing": ["no document passes the filter", 0],
        "failed": "3broken",
        "unfound": "1three cups",
        "unsure": "2" + two,
        "field": ["1 of 3 documents", 2],
        "t": ["#all", 3],
        "columns": ["", "who", "items[].price"],
        "cells": ["", "80; 120", "Error: no"],
        "click": "#3",
        "/": "search",
        "typing": "#3",
    }


def test_a_thousand_documents_and_the_address_of_one(tmp_path: Path) -> None:
    documents = [ShownDocument(f"document {n}", [ShownField("n", n, [(9, 9 + len(str(n)))])]) for n in range(1, 1001)]
    body = drawn(tmp_path / "view.html", page(documents), fragment="#700")
    assert "1000 of 1000 documents" in body
    assert re.findall(r"<mark[^>]*>([^<]*)</mark>", body) == ["700"]
    assert body.count("data-index=") == 1000
