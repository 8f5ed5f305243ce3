"""Bad input through the public API: every refusal is an exception of typeloom that says what was expected, what was
there or the way out, and afterwards the same model still answers."""

from __future__ import annotations

import enum
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, conint

import typeloom as tl
from typeloom import cli
from typeloom.embedded import path as embedded_path

DEEP = 10_000


class Short(BaseModel):
    n: Annotated[int, Field(ge=0, le=9)]


class Long(BaseModel):
    a: Annotated[str, Field(min_length=400)]


class Endless(BaseModel):
    next: Endless


class Arbitrary:
    pass


class Empty(enum.Enum):
    pass


HalfPair = enum.Enum("HalfPair", {"a": "\ud800", "b": "x"})


def nested(around: Callable[[Any], Any], inner: Any) -> Any:
    """`around` applied 10,000 times."""
    for _ in range(DEEP):
        inner = around(inner)
    return inner


def nested_list() -> Any:
    return nested(lambda inner: list[inner], int)


@pytest.fixture(scope="module")
def loaded() -> Iterator[tl.Model]:
    with tl.load(n_threads=1) as model:
        yield model


@pytest.fixture
def m(loaded: tl.Model) -> Iterator[tl.Model]:
    """The model; whatever a test did to it, it must answer afterwards."""
    yield loaded
    assert isinstance(loaded.extract(Short, "there are 3 apples", max_tokens=20), Short)


# ---- files ----------------------------------------------------------------------------------------------------------


def test_a_missing_file_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(tl.ModelError, match=r"expected a GGUF file at .*no\.gguf, there is none; load\(\) without"):
        tl.load(tmp_path / "no.gguf")


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(tl.ModelError, match="that is a folder or a device; name the"):
        tl.load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"hello world, this is no model", b"\x80\x04PK"])
def test_another_format_is_told_by_its_first_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.gguf").write_bytes(content)
    with pytest.raises(tl.ModelError, match=r"its first bytes are b'.*' instead of b'GGUF'; convert"):
        tl.load(tmp_path / "x.gguf")


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (10, "expected a GGUF header of 24 bytes .* has only 10; download it again"),
        (30, "llama.cpp cannot load it: .* may be truncated or damaged"),
        (5_000, "llama.cpp cannot load it: .* may be truncated or damaged"),
        (1_000_000, "not within the file bounds.* may be truncated or damaged"),
        (-100, "not within the file bounds.* may be truncated or damaged"),
    ],
)
def test_a_truncated_file_is_a_model_error(m: tl.Model, tmp_path: Path, kept: int, message: str) -> None:
    (tmp_path / "half.gguf").write_bytes(embedded_path().read_bytes()[:kept])
    with pytest.raises(tl.ModelError, match=f"(?s){message}"):
        tl.load(tmp_path / "half.gguf", n_threads=1)


# ---- types ----------------------------------------------------------------------------------------------------------

UNREADABLE = [
    pytest.param(Callable[[int], int], "expected a type that JSON can write, got a callable", id="callable"),
    pytest.param(Arbitrary, "expected a type that Pydantic validates, got Arbitrary", id="class"),
    pytest.param(list[Arbitrary], r"Arbitrary.*\(at \$\[\*\]\)", id="class in a list"),
    pytest.param(5, "expected a type that Pydantic validates, got 5", id="value"),
    pytest.param({"type": "integer"}, r"got {'type': 'integer'}; .* typeloom\.JsonSchema\(", id="JSON Schema"),
    pytest.param({"minimum": 3}, r"got {'minimum': 3}; .* typeloom\.JsonSchema\(", id="JSON Schema without a type"),
    pytest.param(True, r"got True; .* typeloom\.JsonSchema\(", id="boolean JSON Schema"),
    pytest.param(Literal[()], 'literal "expected" cannot be empty', id="empty Literal"),
    pytest.param(conint(gt=5, lt=3), "expected bounds that some number satisfies, got gt=5, lt=3", id="bounds"),
    pytest.param(Empty, "expected an Enum with members, got Empty with none", id="empty Enum"),
    pytest.param(Endless, "Endless always needs another of itself: make a field optional", id="endless"),
    pytest.param(HalfPair, "got HalfPair: .*error extracting str .*ud800", id="surrogate in an Enum"),
    pytest.param(Literal["\ud800"], "got Literal: .*error extracting str .*ud800", id="surrogate in a Literal"),
]


@pytest.mark.parametrize(("source", "message"), UNREADABLE)
def test_a_type_without_values_or_json_is_refused_by_every_verb(m: tl.Model, source: Any, message: str) -> None:
    for use in (lambda: m.extract(source, "a text"), lambda: tl.compile(source, m.vocab)):
        with pytest.raises(tl.SchemaError, match=message):
            use()
    report = tl.check(source)
    assert report.refused
    assert not report.exact


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        pytest.param(nested_list(), tl.SchemaError, "maximum recursion depth exceeded", id="list"),
        pytest.param(
            tl.JsonSchema(nested(lambda inner: {"type": "array", "items": inner}, {"type": "integer"})),
            tl.LimitError,
            "the schema is nested deeper than 500 levels",
            id="items",
        ),
        pytest.param(
            tl.JsonSchema(nested(lambda inner: {"not": inner}, True)), tl.LimitError, "deeper than 500 levels", id="not"
        ),
        pytest.param(
            tl.JsonSchema('{"items":' * DEEP + "true" + "}" * DEEP), tl.LimitError, "deeper than 500 levels", id="text"
        ),
        pytest.param(
            tl.JsonSchema({"const": nested(lambda inner: [inner], [])}),
            tl.LimitError,
            "a constant is nested deeper than 200 levels",
            id="const",
        ),
        pytest.param(
            tl.JsonSchema({"pattern": "(" * DEEP + "a" + ")" * DEEP}), tl.LimitError, "200 deep", id="pattern"
        ),
    ],
)
def test_ten_thousand_levels_are_refused_by_every_verb(
    m: tl.Model, source: Any, error: type[tl.Error], message: str
) -> None:
    for use in (lambda: m.extract(source, "a text"), lambda: tl.compile(source, m.vocab)):
        with pytest.raises(error, match=message):
            use()
    assert tl.check(source).refused


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"$ref": "#"}, "refers to itself without a step into an array or object"),
        ({"allOf": [{"$ref": "#"}]}, "refers to itself"),
        ({"not": {"$ref": "#"}}, "refers to itself"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, "refers to itself"),
        ({"$ref": "#/nope"}, r"\$ref: '#/nope' points to nothing: there is no 'nope'"),
        ({"$ref": "https://example.com/x.json"}, r"never fetched; pass registry=\{'https://example.com/x.json'"),
        ({"type": 5}, "type: expected one or a list of null, .*; was 5"),
        ({"pattern": "("}, r"expected '\)' to close this group"),
        ([], "a schema is an object, true or false; this is list"),
        ("{", "the schema is not JSON: .*line 1 column 2"),
    ],
)
def test_a_schema_that_cannot_be_read_is_refused_by_every_verb(m: tl.Model, schema: Any, message: str) -> None:
    source = tl.JsonSchema(schema)
    for use in (lambda: m.extract(source, "a text"), lambda: tl.compile(source, m.vocab)):
        with pytest.raises(tl.SchemaError, match=message):
            use()
    assert tl.check(source).refused


@pytest.mark.parametrize(
    "schema",
    [False, {"type": "object", "properties": {"n": {"$ref": "#"}}, "required": ["n"]}, {"minimum": 5, "maximum": 3}],
)
def test_a_schema_without_instances_is_refused_where_it_is_compiled(m: tl.Model, schema: Any) -> None:
    source = tl.JsonSchema({"type": "number", **schema} if isinstance(schema, dict) and "minimum" in schema else schema)
    for use in (lambda: m.extract(source, "a text"), lambda: tl.compile(source, m.vocab)):
        with pytest.raises(tl.SchemaError, match="expected"):
            use()


# ---- texts and calls ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", tl.Error, "expected a text to read from, got an empty one; leave empty documents out"),
        (" \n\t", tl.Error, "got an empty one"),
        (b"bytes", tl.Error, r"expected the text as str, got bytes; decode bytes first"),
        (None, tl.Error, "expected the text as str, got NoneType; leave out what has no text"),
        (["a", "b"], tl.Error, "expected the text as str, got list; write it as text first, or give the parts"),
        ("a\ud800b", tl.Error, r"the text holds the lone surrogate U\+D800 at character 1"),
        ("word " * 5_000, tl.LimitError, r"has \d+ tokens .* the context holds 2048; load .* n_ctx="),
        ("lorem ipsum " * 170_000, tl.LimitError, "expected a prompt of .* tokens.*larger n_ctx"),
        ("a" * 100_000, tl.LimitError, "expected a prompt of .* tokens.*larger n_ctx"),
    ],
    ids=["empty", "blank", "bytes", "None", "list", "surrogate", "long", "2 MB", "100,000 equal"],
)
def test_a_text_that_cannot_be_read_is_refused(m: tl.Model, text: Any, error: type[tl.Error], message: str) -> None:
    with pytest.raises(error, match=message):
        m.extract(Short, text)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"max_tokens": 0}, tl.Error, "expected max_tokens as a whole number of 1 or more, got 0"),
        ({"max_tokens": 1.5}, tl.Error, "expected max_tokens as a whole number of 1 or more, got 1.5"),
        ({"max_tokens": "9"}, tl.Error, "expected max_tokens as a whole number of 1 or more, got '9'"),
        ({"max_tokens": 3}, tl.BudgetError, r"shortest complete object has at least \d+ tokens, max_tokens is 3; give"),
        ({"temperature": -1}, tl.Error, r"expected a temperature from 0 \(greedy\) up, got -1"),
        ({"temperature": float("nan")}, tl.Error, "expected a temperature from 0 .* got nan"),
        ({"instructions": 5}, tl.Error, "expected the text of the instructions as str, got int"),
        ({"instructions": "\udfff"}, tl.Error, r"the text of the instructions holds the lone surrogate U\+DFFF"),
        ({"instructions": "x y " * 500_000}, tl.LimitError, "expected a prompt of .* tokens"),
        ({"examples": [("\ud800", {"a": "x" * 400})]}, tl.Error, r"lone surrogate U\+D800"),
        ({"examples": [("text", {"a": "x"})]}, tl.SchemaError, "example 1: its value does not fit the type"),
    ],
)
def test_a_call_that_cannot_be_made_is_refused(
    m: tl.Model, options: dict[str, Any], error: type[tl.Error], message: str
) -> None:
    with pytest.raises(error, match=message):
        m.extract(Long, "a text", **options)


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([], tl.SchemaError, "expected at least one label, got none"),
        (["\ud800", "b"], tl.Error, r"lone surrogate U\+D800"),
        (["x" * 100_000, "y"], tl.LimitError, "expected a prompt of .* tokens"),
    ],
)
def test_labels_that_cannot_be_scored_are_refused(
    m: tl.Model, labels: list[str], error: type[tl.Error], message: str
) -> None:
    with pytest.raises(error, match=message):
        m.classify("a text", labels)


# ---- the command line -----------------------------------------------------------------------------------------------


def test_the_command_line_says_what_is_wrong_with_a_model_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.gguf").write_text("no model")
    (tmp_path / "half.gguf").write_bytes(embedded_path().read_bytes()[:5_000])
    expected = {
        "nowhere.gguf": "there is none",
        ".": "a folder",
        "text.gguf": "first bytes are b'no m'",
        "half.gguf": "truncated or damaged",
    }
    for name, message in expected.items():
        assert cli.run(["classify", "--labels", "a,b", "--model", name, "text.gguf"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("typeloom: ModelError: ")
        assert message in said.err
        assert len(said.err.splitlines()) == 1


def test_the_command_line_goes_on_after_bad_documents(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("from pydantic import BaseModel\nclass Short(BaseModel):\n    paid: bool\n")
    (tmp_path / "long.txt").write_text("a" * 100_000)
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "good.txt").write_text("it is paid")
    process = subprocess.run(
        [sys.executable, "-m", "typeloom.cli", "extract", "shop.py:Short", "long.txt", "empty.txt", "good.txt"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 1
    lines = process.stdout.splitlines()
    assert ['"LimitError"' in lines[0], '"error"' in lines[1], '"value"' in lines[2]] == [True, True, True]
    assert "Traceback" not in process.stderr
