"""parse=True: lark's own tree in the place of the text, for every verb; what has no tree is refused before decoding."""

from __future__ import annotations

import asyncio
from pathlib import Path

import lark
import pytest

import typeloom as tl
from typeloom.pipelines.job import read
from typeloom.testing import FakeModel

SUMS = tl.Lark('start: NUMBER ("+" NUMBER)*\nNUMBER: /[0-9]{1,3}/')


def test_the_value_is_the_tree_of_the_text() -> None:
    model = FakeModel()
    text = model.extract(SUMS, "one and two", max_tokens=8)
    tree = model.extract(SUMS, "one and two", max_tokens=8, parse=True)
    assert isinstance(text, str)
    assert isinstance(tree, lark.Tree)
    assert tree == lark.Lark(SUMS.text(), parser="earley").parse(text)
    found = model.extract(SUMS, "one and two", max_tokens=8, parse=True, detail=True)
    assert (found.value, found.json) == (tree, text)
    assert found.fields["$"].confidence <= 1


def test_every_verb_gives_it() -> None:
    model = FakeModel()
    tree = model.extract(SUMS, "one", max_tokens=8, parse=True)
    task = model.task(SUMS, max_tokens=8, parse=True)
    assert task.run("one") == tree
    assert task.map(["one", "one"]) == [tree, tree]
    assert asyncio.run(model.aio.extract(SUMS, "one", max_tokens=8, parse=True)) == tree
    assert list(model.stream(SUMS, "one", max_tokens=8, parse=True))[-1].result == tree


def test_a_tree_is_found_of_every_shipped_grammar() -> None:
    for name in ("arithmetic", "semver", "cron"):
        tree = FakeModel().extract(tl.grammars.load(name), "text", max_tokens=60, parse=True)
        assert isinstance(tree, lark.Tree)


@pytest.mark.parametrize(
    ("source", "error", "says"),
    [
        (int, tl.SchemaError, "expected a tl.Lark"),
        (tl.Regex("a|b"), tl.SchemaError, "expected a tl.Lark"),
        (tl.Lark("start: N\n%declare N", bindings={"N": int}), tl.GrammarError, "without bindings"),
    ],
)
def test_what_has_no_tree_is_refused_before_decoding(source: object, error: type[tl.Error], says: str) -> None:
    def never(prompt: object, answer: object) -> list[float]:
        raise AssertionError("decoded")

    with pytest.raises(error, match=says):
        FakeModel(logits=never).extract(source, "text", parse=True)


def test_a_job_has_no_trees(tmp_path: Path) -> None:
    (tmp_path / "task.toml").write_text('type = "m.py:G"\nparse = true\n')
    with pytest.raises(tl.Error, match="'parse' is no key"):
        read(tmp_path / "task.toml")
