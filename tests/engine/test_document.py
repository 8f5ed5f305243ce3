"""Quotations: what stands in the document is accepted, nothing else is, and every position is right."""

from __future__ import annotations

import json
from random import Random
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

import typeloom as tl
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, dice, mask_of, walk
from oracles.masks import allowed_by_trial
from typeloom.testing import byte_vocabulary

SCRIPTS = {
    "ideographs": "東京都へ行く。明日も東京都で会議がある。",
    "emoji": "ok 👩‍👩‍👧 and 👍🏽, then 🇩🇪🇫🇷 and 👍🏽 again",
    "arabic": "الفاتورة رقم ١٢٣ بتاريخ اليوم، الفاتورة مدفوعة.",
    "accents": "Müller & Söhne, na\u0308ive cafe\u0301 – Żółć; Müller",
    "mixed": 'Total: 1,250.50 €\n"次" — U.S. don\'t\t\\o/ हिन्दी x\u200dy',
}
HOW = [tl.Verbatim(), tl.Verbatim(cut="word"), tl.Verbatim("word", "collapse", "join"), tl.Verbatim(hyphens="join")]
small_texts = st.text(alphabet='ab é"\\\n👍.-', max_size=9)


def excerpts(text: str) -> set[str]:
    """By definition: all parts of a text but the empty one."""
    return {text[i:j] for i in range(len(text)) for j in range(i + 1, len(text) + 1)}


def is_accepted(constraint: tl.Constraint, quotation: str) -> bool:
    return constraint.accepts(json.dumps(quotation, ensure_ascii=False))


@given(text=small_texts, other=small_texts)
def test_exactly_the_parts_of_the_text_are_accepted_and_found(text: str, other: str) -> None:
    document = tl.Document(text)
    quotations = excerpts(text)
    if not quotations:
        with pytest.raises(tl.SchemaError, match="found none"):
            tl.compile(Annotated[str, tl.Verbatim], byte_vocabulary(), document=document)
        return
    constraint = tl.compile(Annotated[str, tl.Verbatim], byte_vocabulary(), document=document)
    for quotation in quotations | excerpts(other) | {"", other, other + text, text + other}:
        assert is_accepted(constraint, quotation) == (quotation in quotations), quotation
        starts = [i for i in range(len(text)) if quotation and text.startswith(quotation, i)]
        spans = document.find(quotation)
        assert [span.start for span in spans] == starts
        for span in spans:
            assert text[span.start : span.end] == quotation
            assert text.encode()[span.byte_start : span.byte_end] == quotation.encode()


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("how", HOW, ids=str)
def test_in_every_script_a_quotation_has_its_place(text: str, how: tl.Verbatim) -> None:
    document = tl.Document(text)
    constraint = tl.compile(Annotated[str, how], byte_vocabulary(), document=document)
    found = 0
    for i in range(len(text)):
        for j in range(i + 1, len(text) + 1):
            spans = document.find(text[i:j], how)
            assert is_accepted(constraint, text[i:j]) == bool(spans), text[i:j]
            found += any((span.start, span.end) == (i, j) for span in spans)
    assert found
    if how == tl.Verbatim():
        assert found == len(text) * (len(text) + 1) // 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't pay 1,250.50 (U.S.) now.", ["don't", "pay", "1,250.50", "(", "U.S", ".", ")", "now", "."]),
        ("東京都へ", ["東", "京", "都", "へ"]),
        ("👩‍👩‍👧 👍🏽 🇩🇪🇫🇷", ["👩‍👩‍👧", "👍🏽", "🇩🇪", "🇫🇷"]),
        ("na\u0308ive cafe\u0301", ["na\u0308ive", "cafe\u0301"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("สวัสดี", ["ส", "วั", "ส", "ดี"]),
        ("a,b 1,2 foo_bar-baz", ["a", ",", "b", "1,2", "foo_bar", "-", "baz"]),
    ],
)
def test_words_begin_and_end_as_the_annex_says(text: str, words: list[str]) -> None:
    document, how = tl.Document(text), tl.Verbatim(cut="word")
    at = 0
    for word in words:
        at = text.index(word, at)
        assert at in [span.start for span in document.find(word, how)]
        for cut in range(1, len(word)):  # and nowhere inside of a word
            assert at not in [span.start for span in document.find(word[:cut], how)]
            assert at + cut not in [span.start for span in document.find(word[cut:], how)]
        at += len(word)


def test_what_reading_changes_is_undone_in_the_positions() -> None:
    text = "an exam-\n  ple  of\n\n a\ttext"
    document, how = tl.Document(text), tl.Verbatim(whitespace="collapse", hyphens="join")
    (span,) = document.find("an example of a text", how)
    assert (span.start, span.end) == (0, len(text))
    (span,) = document.find("example of", how)
    assert text[span.start : span.end] == "exam-\n  ple  of"
    assert document.find("exam-", how) == ()
    assert document.find("exam-") != ()


@given(text=small_texts.filter(bool), tokens=tokens(300), dice=dice())
def test_masks_of_quotations_equal_brute_force(text: str, tokens: Tokens, dice: Dice) -> None:
    vocabulary = tokens.vocabulary()
    how = dice.choice(HOW[:2] if not text.isspace() else HOW[:1])
    type_ = dice.choice([Annotated[str, how], list[Annotated[str, how]], Annotated[str, Field(max_length=4), how]])
    try:
        matcher = tl.compile(type_, vocabulary, document=text).start()
    except tl.SchemaError:  # no word of at most four characters
        assert how.cut == "word"
        return
    ordinary = sorted(set(range(len(tokens.pieces))) - set(tokens.end_ids))
    for _ in range(12):
        allowed = mask_of(matcher, vocabulary, len(tokens.pieces))
        tried = allowed_by_trial(matcher, tokens.pieces, end_ids=tokens.end_ids, special_ids=tokens.special_ids)
        assert allowed == tried, text
        steps = [token for token in ordinary if token in allowed]
        if not steps:
            break
        assert matcher.accept(dice.choice(steps))


@given(
    text=st.text(alphabet="ab .é👍", min_size=4, max_size=14).filter(lambda t: len(t.split()) > 1),
    least=st.integers(1, 5),
    more=st.integers(0, 5),
    tokens=tokens(300),
    dice=dice(),
)
def test_lengths_hold_together_with_words_and_lead_nowhere_else(
    text: str, least: int, more: int, tokens: Tokens, dice: Dice
) -> None:
    how = tl.Verbatim(cut="word")
    quotations = {q for q in excerpts(text) if least <= len(q) <= least + more and tl.Document(text).find(q, how)}
    type_ = Annotated[str, Field(min_length=least, max_length=least + more), how]
    vocabulary = tokens.vocabulary()
    if not quotations:
        with pytest.raises(tl.SchemaError, match="found none"):
            tl.compile(type_, vocabulary, document=text)
        return
    constraint = tl.compile(type_, vocabulary, document=text)
    for quotation in excerpts(text):
        assert is_accepted(constraint, quotation) == (quotation in quotations), quotation
    done = walk(constraint.start(), vocabulary, tokens, dice, patience=3, limit=60)
    assert done.finished
    assert json.loads(done.text) in quotations


def test_a_field_that_quotes_stands_beside_patterns_and_other_fields() -> None:
    class Claim(BaseModel):
        amount: Annotated[str, Field(pattern=r"^\d+ EUR$"), tl.Verbatim]
        quotes: list[Annotated[str, tl.Verbatim(cut="word")]] = Field(min_length=1)
        note: str | None

    text = "We pay 20 EUR now and 300 EUR later."
    constraint = tl.compile(Claim, byte_vocabulary(), document=text)
    assert constraint.accepts('{"amount":"300 EUR","quotes":["We pay"],"note":"free"}')
    assert constraint.accepts('{"amount":"0 EUR","quotes":["later."],"note":null}')
    assert not constraint.accepts('{"amount":"200 EUR","quotes":["We pay"],"note":null}')
    assert not constraint.accepts('{"amount":"20 EUR now","quotes":["We pay"],"note":null}')
    assert not constraint.accepts('{"amount":"20 EUR","quotes":["e pay"],"note":null}')
    assert "$.amount" in str(tl.check(Claim))
    assert tl.check(Claim).exact


def test_a_long_text_is_found_whole() -> None:
    random = Random(7)
    text = " ".join("".join(random.choices("abcdeé ", k=8)) for _ in range(4_000))
    document = tl.Document(text)
    constraint = tl.compile(Annotated[str, tl.Verbatim], byte_vocabulary(), document=document)
    for _ in range(40):
        start = random.randrange(len(text) - 300)
        quotation = text[start : start + random.choice((1, 5, 300))]
        assert is_accepted(constraint, quotation)
        assert [span.start for span in document.find(quotation)] == [
            i for i in range(len(text)) if text.startswith(quotation, i)
        ]
        assert not is_accepted(constraint, quotation + "z")
    assert is_accepted(constraint, text)


def test_misuse_is_said() -> None:
    with pytest.raises(tl.SchemaError, match="document=text"):
        tl.compile(Annotated[str, tl.Verbatim], byte_vocabulary())
    with pytest.raises(tl.SchemaError, match="Verbatim on a str"):
        tl.compile(Annotated[int, tl.Verbatim], byte_vocabulary(), document="1")
    with pytest.raises(tl.SchemaError, match=r"Verbatim on a str.*inside"):
        tl.compile(Annotated[str | None, tl.Verbatim], byte_vocabulary(), document="1")
    with pytest.raises(tl.SchemaError, match="one of"):
        tl.Verbatim(cut="letters")  # type: ignore[arg-type]
    with pytest.raises(tl.SchemaError, match="lone surrogate at character 2"):
        tl.Document("ab\ud800")
    assert tl.Document("ab").find("\ud800") == ()
    assert tl.Document("").find("a") == ()
