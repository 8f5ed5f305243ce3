"""Grammars: what the automaton accepts, lark's Earley parser parses, and the reverse; masks equal brute force; no walk
meets a dead end. Ambiguous, left- and right-recursive grammars and empty rules are among the drawn ones."""

from __future__ import annotations

from itertools import product

import lark
from hypothesis import assume, event, given
from hypothesis import strategies as st

import typeloom as tl
from laws.vocabularies import Tokens, tokens
from laws.walks import Dice, compare_on_a_walk, dice, walk
from typeloom.testing import byte_vocabulary

NAMES = ("start", "one", "two")
TERMINALS = ('"a"', '"b"', '"ab"', "/a+/", "/[ab]/", "/b{1,2}/", '"é"', "/ab?/", "/(ba)+/", "/[^bcd]a*/",
             "/a|ab/", "/ba??b?/", "/[bc]a?/", "ONE", "TWO")  # fmt: skip
DEFINED = '''
ONE: "a" | "ab" | /b(a|ab)?/
TWO: ONE "b"+ | "b" ONE?
'''
IGNORED = ("%ignore /c+/", '%ignore "c"', "%ignore /c+/\n%ignore /cd?/", "%ignore /cb*/", "%ignore /c[^a]*/",
           "%ignore /c|cb/", "%ignore /[ac]+/\n%ignore /ba/", '%ignore "cb"\n%ignore /a?c/')  # fmt: skip



@st.composite
def grammars(draw: st.DrawFn) -> str:
    """Three rules, each a few alternatives of a few symbols; the empty alternative among them; now and then %ignore."""
    symbol = st.sampled_from((*NAMES[1:], *TERMINALS, *TERMINALS, "start"))
    item = st.tuples(symbol, st.sampled_from(("", "", "", "?", "*", "+", "~1..2"))).map("".join)
    lines = []
    for name in NAMES:
        alternatives = draw(st.lists(st.lists(item, max_size=3).map(" ".join), min_size=1, max_size=3))
        lines.append(f"{name}: " + " | ".join(alternatives))
    if draw(st.integers(0, 2)) == 0:
        lines += [draw(st.sampled_from(IGNORED))]
    lines += [DEFINED]
    return "\n".join(lines)


def compiled(text: str, vocabulary: tl.Vocabulary) -> tl.Constraint:
    try:
        return tl.compile(tl.Lark(text), vocabulary)
    except tl.GrammarError as refusal:
        event(f"refused: {str(refusal)[:30]}")
        assume(False)
        raise AssertionError from refusal


@given(text=grammars())
def test_accepted_is_what_lark_parses(text: str) -> None:
    constraint = compiled(text, byte_vocabulary())
    parser = lark.Lark(text, parser="earley", lexer="dynamic_complete", ambiguity="forest")
    letters = "abc" if "%ignore" in text else "abé"
    for length in range(5):
        for letters_chosen in product(letters, repeat=length):
            candidate = "".join(letters_chosen)
            try:
                parser.parse(candidate)
                parsed = True
            except lark.exceptions.UnexpectedInput:
                parsed = False
            except RuntimeError as error:  # of lark itself, on some empty texts between ignored ones
                assert "multiple start symbol items" in str(error)
                parsed = True
            assert constraint.accepts(candidate) == parsed, candidate


@given(text=grammars(), tokens=tokens(300), dice=dice())
def test_masks_equal_brute_force_and_walks_end(text: str, tokens: Tokens, dice: Dice) -> None:
    vocabulary = tokens.vocabulary()
    constraint = compiled(text, vocabulary)
    matcher = constraint.start()
    compare_on_a_walk(matcher, vocabulary, tokens, dice, steps=8)
    budget = constraint.min_tokens + dice.randrange(6)
    matcher = constraint.start()
    mask, text_so_far = vocabulary.new_mask(), b""
    for left in range(budget, -1, -1):
        if left == 0:
            break
        matcher.core.fill_mask_within(mask, left)  # type: ignore[union-attr]
        allowed = {i for i in range(len(tokens.pieces)) if int(mask[i >> 5]) >> (i & 31) & 1}
        ends = [token for token in allowed if token in tokens.end_ids]
        others = sorted(allowed - set(ends))
        if not others:
            break
        token = dice.choice(others)
        assert matcher.accept(token)
        text_so_far += tokens.pieces[token]
    assert matcher.is_accepting(), (budget, text_so_far)
    assert constraint.accepts(text_so_far)


@given(text=grammars(), tokens=tokens(300), dice=dice())
def test_what_a_walk_writes_is_in_the_language(text: str, tokens: Tokens, dice: Dice) -> None:
    vocabulary = tokens.vocabulary()
    done = walk(compiled(text, vocabulary).start(), vocabulary, tokens, dice, patience=4, limit=30)
    if done.finished:
        parser = lark.Lark(text, parser="earley", lexer="dynamic_complete", ambiguity="forest")
        try:
            parser.parse(done.text.decode())
        except RuntimeError as error:  # lark's own: it has found the whole text twice, with and without an ignored end
            assert "multiple start symbol items" in str(error)
