"""The grammars that come with typeloom take and refuse what their notations do, and lark agrees."""

from __future__ import annotations

import pytest

import typeloom as tl
from grammar.shipped_texts import TEXTS
from typeloom.grammar.lark_text import load
from typeloom.grammar.terminal import order_decides, read
from typeloom.testing import byte_vocabulary

CASES = [(name, text, True) for name, (good, _) in TEXTS.items() for text in good]
CASES += [(name, text, False) for name, (_, bad) in TEXTS.items() for text in bad]


@pytest.fixture(scope="module")
def constraints() -> dict[str, tl.Constraint]:
    return {name: tl.compile(tl.grammars.load(name), byte_vocabulary()) for name in TEXTS}


@pytest.mark.parametrize(("name", "text", "accepted"), CASES, ids=lambda value: repr(value)[:40])
def test_a_text_is_taken_or_refused(
    constraints: dict[str, tl.Constraint], name: str, text: str, accepted: bool
) -> None:
    assert constraints[name].accepts(text) == accepted


@pytest.mark.parametrize("name", TEXTS)
def test_there_are_enough_texts_and_lark_agrees(name: str) -> None:
    good, bad = TEXTS[name]
    assert len(set(good)) >= 20
    assert len(set(bad)) >= 20
    grammar = tl.grammars.load(name)
    for text in good:
        grammar.parse(text)
    for text in bad[::4]:
        with pytest.raises(tl.GrammarError):
            grammar.parse(text)


@pytest.mark.parametrize("name", TEXTS)
def test_the_order_of_alternatives_decides_nothing(name: str) -> None:
    loaded = load(tl.grammars.load(name).text(), "start")
    assert loaded is not None
    for terminal, pattern in loaded.terminals.items():
        if pattern is not None and not pattern.is_text and "(?!" not in pattern.source:
            ordered = read(pattern.source, ignore_case="i" in pattern.flags)
            assert ordered is not None, terminal
            assert not order_decides(ordered), terminal


def test_every_grammar_has_texts_and_names_its_source() -> None:
    assert tl.grammars.names() == sorted(TEXTS)
    for name in tl.grammars.names():
        assert "imits:" in tl.grammars.load(name).text().split("start")[0] or name == "semver"
    with pytest.raises(tl.GrammarError, match="sql_select"):
        tl.grammars.load("cobol")
