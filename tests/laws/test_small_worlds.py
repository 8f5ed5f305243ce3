"""Law, by exhaustion: in a world of few bytes the engine accepts, and lets live, exactly what the interpreter does.

A world is a Schema, a handful of bytes (or of pieces such as `"a":`, where objects would need too many bytes) and two
lengths. The interpreter lists every accepted text of up to `horizon` pieces over that alphabet. Then every prefix of up
to `depth` bytes is walked through the engine, byte by byte:

    accepting here   <=>  the prefix is one of the listed texts
    next byte lives  <=>  the longer prefix begins a listed text

so all texts of up to `depth` bytes are compared, the refused ones by their first dead byte: nothing is blocked that
could be completed (no over-blocking), nothing lives that could not (no dead ends). Should the engine let a byte live
for which the list has no witness, a wider search (more letters, three pieces further) looks for one before it is called
a fault.

The vocabulary, to be followed by hand: token t is the byte t, token 256 ends. Drawn as a tree, it has one level:

    root ─┬─ 0x00 … 0x21 ── token 0 … 33
          ├─ '"'  ── token 34        ',' ── token 44       '-' ── token 45
          ├─ '0' … '9' ── token 48 … 57
          ├─ ':'  ── token 58        '[' ── token 91       ']' ── token 93
          ├─ 'a' … 'z' ── token 97 … 122
          ├─ '{'  ── token 123       '}' ── token 125
          └─ (end) ── token 256, allowed exactly where the text is complete
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

import typeloom as tl
from laws.vocabularies import bytes_only
from laws.walks import mask_of
from oracles.interpreter import Interpreter
from typeloom.regex.expr import ANY_TEXT, Alternate, Chars, Complement, Concat, Conjoin, Literal, Literals, Repeat
from typeloom.schema.node import (
    ANY,
    NEVER,
    AllOf,
    AnyOf,
    Array,
    Contains,
    Node,
    Not,
    Number,
    Object,
    OneOf,
    Ref,
    Schema,
    Shape,
    String,
)

WIDE = (
    *(bytes((byte,)) for byte in b'0123456789-.eab"{}[]:,ntrufls '),
    *(b'":', b'":1}', b'": 1}', b'"a":1}', b':1,"b":1}', b'":1,"b":1}', b'","b":1}', b'},"b":1}', b'],"b":1}', b"]]]"),
)
END = 256


@dataclass(frozen=True)
class World:
    name: str
    root: Node
    alphabet: bytes | tuple[bytes, ...]
    depth: int
    horizon: int
    layout: str = "compact"
    order: str = "declared"
    definitions: dict[str, Node] = field(default_factory=dict)


def number(**rule: object) -> Shape:
    return Shape(number=Number(**rule))  # type: ignore[arg-type]


def string(**rule: object) -> Shape:
    return Shape(string=String(**rule))  # type: ignore[arg-type]


def array(*prefix: Node, **rule: object) -> Shape:
    return Shape(array=Array(prefix, **rule))  # type: ignore[arg-type]


def mapping(*properties: tuple[str, Node], **rule: object) -> Shape:
    return Shape(object=Object(properties, **rule))  # type: ignore[arg-type]


INTEGER, DIGIT = number(integer=True), number(values=(Decimal(1), Decimal(2)))
BIT = number(integer=True, minimum=Decimal(0), maximum=Decimal(1))
ZERO, ONE = number(values=(Decimal(0),)), number(values=(Decimal(1),))
A, B = Chars(((97, 97),)), Chars(((98, 98),))
ANY_AB = Repeat(Chars(((97, 98),)), 0, None)
MEMBERS = (b"{", b"}", b",", b'"a":', b'"b":', b'"ab":', b"0", b"1")

WORLDS = (
    World("null", Shape(null=True), b"nul", 5, 5),
    World("booleans", Shape(booleans=(True, False)), b"truefals", 6, 6),
    World("only true", Shape(booleans=(True,)), b"truefals", 5, 5),
    World("integer between", number(integer=True, minimum=Decimal(-12), maximum=Decimal(21)), b"-012", 4, 5),
    World("exclusive bounds", number(integer=True, minimum=Decimal(9), exclusive_minimum=True, maximum=Decimal(20),
          exclusive_maximum=True), b"0129-", 4, 4),
    World("multiple of three", number(integer=True, multiple_of=(Decimal(3),), minimum=Decimal(0)), b"0123", 4, 6),
    World("multiple of 0.5", number(multiple_of=(Decimal("0.5"),), minimum=Decimal(0), maximum=Decimal(2)),
          b"012.5", 4, 5),
    World("multiples of two and three", number(integer=True, multiple_of=(Decimal(2), Decimal(3)), maximum=Decimal(30),
          minimum=Decimal(1)), b"012468", 4, 4),
    World("one place of two digits", number(max_digits=2, decimal_places=1, minimum=Decimal(0)), b"01.", 4, 5),
    World("number values", number(values=(Decimal(1), Decimal("1.5"), Decimal(-2))), b"-125.", 4, 5),
    World("whole in flexible", number(integer=True, minimum=Decimal(1), maximum=Decimal(2)), b"012.e", 4, 6,
          "flexible"),
    World("string of two", string(min_length=1, max_length=2), b'"ab', 5, 5),
    World("escapes count one", string(max_length=1), (b'"', b"\\", b"n", b"u", b"a", b"00", b"0"), 4, 7),
    World("literal", string(language=Literal("ab")), b'"abc', 5, 5),
    World("literals", string(language=Literals(("a", "ab", "ba"))), b'"ab', 5, 5),
    World("ends in b", string(language=Concat((ANY_AB, B)), max_length=3), b'"ab', 6, 6),
    World("no aa inside", string(language=Complement(Concat((ANY_TEXT, Literal("aa"), ANY_TEXT))), max_length=3),
          b'"ab', 6, 6),
    World("both ways", string(language=Conjoin((Concat((A, ANY_AB)), Concat((ANY_AB, B)))), max_length=4), b'"ab',
          7, 7),
    World("even number of letters", string(language=Repeat(Concat((A, B)), 1, None), min_length=3, max_length=5),
          b'"ab', 7, 7),
    World("a quote to escape", string(language=Alternate((Literal('"'), Literal("a")))), b'"\\a', 5, 5),
    World("empty array", array(max_items=0), b"[],1", 4, 4),
    World("array of bits", array(items=BIT, min_items=1, max_items=2), b"[],01", 6, 6),
    World("prefix and rest", array(BIT, Shape(null=True), items=NEVER), b"[],01nul", 8, 8),
    World("unique bits", array(items=BIT, unique=True), b"[],01", 6, 6),
    World("unique and too many", array(items=BIT, unique=True, min_items=2), b"[],01", 6, 6),
    World("contains a one", array(items=BIT, contains=(Contains(number(values=(Decimal(1),))),), max_items=2),
          b"[],01", 6, 6),
    World("contains at most one", array(items=BIT, contains=(Contains(number(values=(Decimal(1),)), 0, 1),),
          max_items=3), b"[],01", 7, 7),
    World("nested arrays", Ref("nest"), b"[],", 5, 12, definitions={"nest": array(items=Ref("nest"), max_items=2)}),
    World("closed record", mapping(("a", BIT), ("b", BIT), required=frozenset("a"), additional=NEVER),
          MEMBERS, 13, 7),
    World("any order", mapping(("a", BIT), ("b", BIT), required=frozenset("ab"), additional=NEVER), MEMBERS, 13, 7,
          order="any"),
    World("open record", mapping(("a", BIT), max_properties=1), (*MEMBERS, b"[]"), 7, 4),
    World("required elsewhere", mapping(required=frozenset("b"), additional=BIT, max_properties=2), MEMBERS, 9, 7),
    World("keys by pattern", mapping(patterns=((A, BIT),), additional=NEVER, max_properties=1), MEMBERS, 7, 5),
    World("key names", mapping(names=String(language=Repeat(A, 1, 2)), additional=BIT, min_properties=1,
          max_properties=1), (*MEMBERS, b'"aa":'), 9, 5),
    World("no key twice", mapping(names=String(language=Literals(("a", "b"))), additional=DIGIT, min_properties=2),
          (*MEMBERS, b"2"), 12, 7),
    World("spaced", mapping(("a", array(items=BIT, max_items=2)), additional=NEVER),
          (b"{", b"}", b'"a"', b": ", b", ", b"[", b"]", b"0", b"1"), 12, 9, "spaced"),
    World("flexible", array(items=BIT, max_items=1), b"[]1 ", 5, 7, "flexible"),
    World("either length", AnyOf((array(items=BIT, min_items=2, max_items=2),
          array(items=Shape(null=True), max_items=1))),
          b"[],1nul", 6, 7),
    World("both bounds", AllOf((number(integer=True, minimum=Decimal(5)), number(maximum=Decimal(12)))), b"0125.", 3,
          4),
    World("one of overlapping", OneOf((number(integer=True, minimum=Decimal(0), maximum=Decimal(11)),
          number(integer=True, minimum=Decimal(10), maximum=Decimal(12)))), b"012", 3, 3),
    World("not a bit", AllOf((INTEGER, Not(BIT), number(minimum=Decimal(0), maximum=Decimal(12)))), b"-012", 3, 4),
    World("not this text", AllOf((string(max_length=2), Not(string(language=Literals(("", "a", "ab")))))), b'"ab',
          5, 5),
    World("one of records", OneOf((mapping(("a", BIT), required=frozenset("a")), mapping(("b", BIT),
          required=frozenset("b")))), MEMBERS, 13, 7, order="any"),
    World("tagged records", OneOf((
        mapping(("a", number(values=(Decimal(0),))), ("b", Shape(null=True)),
                required=frozenset("ab"), additional=NEVER),
        mapping(("a", number(values=(Decimal(1),))), ("b", BIT), required=frozenset("ab"), additional=NEVER))),
          (*MEMBERS, b"null"), 16, 7),
    World("one of overlapping records", OneOf((
        mapping(("a", BIT), required=frozenset("a"), additional=NEVER),
        mapping(("a", ZERO), required=frozenset("a"), additional=NEVER))), MEMBERS, 9, 5),
    World("not both keys", AllOf((
        mapping(("a", BIT), ("b", BIT), additional=NEVER), Not(mapping(required=frozenset("ab"))))), MEMBERS, 13, 9,
          order="any"),
    World("a one brings b", AllOf((
        mapping(("a", BIT), ("b", BIT), additional=NEVER),
        AnyOf((Not(mapping(("a", ONE), required=frozenset("a"))), mapping(required=frozenset("b")))))),
          MEMBERS, 13, 9, order="any"),
    World("not without a", AllOf((
        mapping(additional=BIT, max_properties=1), Not(mapping(patterns=((A, NEVER),))))), MEMBERS, 9, 5),
    World("one of lists without repeats", OneOf((
        array(BIT, items=Shape(null=True), min_items=2, max_items=2, unique=True),
        array(BIT, items=Shape(null=True), min_items=1, max_items=2, unique=True))), b"[],01nul", 8, 9),
    World("one bit or the other", OneOf((
        array(items=BIT, max_items=2, contains=(Contains(ONE),)),
        array(items=BIT, max_items=2, contains=(Contains(ZERO),)))), b"[],01", 6, 6),
    World("not only ones", AllOf((array(items=BIT, max_items=2), Not(array(items=ONE)))), b"[],01", 6, 6),
    World("two ones in three", array(items=BIT, max_items=3, contains=(Contains(ONE, 2, 2),)), b"[],01", 8, 8),
    World("contains none", array(items=BIT, min_items=1, max_items=2, contains=(Contains(ONE, 0, 0),)), b"[],01", 6,
          6),
    World("records in records", OneOf((
        mapping(("a", mapping(("b", BIT), required=frozenset("b"), additional=NEVER)), required=frozenset("a"),
                additional=NEVER),
        mapping(("a", mapping(("b", ZERO), additional=NEVER)), required=frozenset("a"), additional=NEVER))),
          MEMBERS, 13, 8),
    World("a reference to anything", OneOf((
        mapping(("a", Ref("any")), required=frozenset("a"), additional=NEVER),
        mapping(("b", BIT), required=frozenset("b"), additional=NEVER))), MEMBERS, 7, 5, definitions={"any": ANY}),
    World("a list of references to anything", OneOf((
        array(items=Ref("any"), min_items=1, max_items=1), array(max_items=0))), b"[],1", 3, 6,
          definitions={"any": ANY}),
    World("a list of itself", Ref("list"), (b"{", b"}", b'"a":', b"null"), 13, 10, definitions={
        "list": Shape(null=True, object=Object((("a", Ref("list")),), frozenset("a"), additional=NEVER))}),
    World("anything", ANY, b'[]{}",1', 3, 7),
    World("anything but arrays", AllOf((ANY, Not(Shape(array=Array())))), b'[]{}"1', 4, 5),
)  # fmt: skip


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_world(world: World) -> None:
    interpreter = Interpreter(Schema(world.root, dict(world.definitions)), world.layout, world.order)
    accepted = accepted_texts(interpreter, world)
    assert accepted, "a world without texts shows nothing"
    living = {text[:cut] for text in accepted for cut in range(len(text) + 1)}
    pieces = bytes_only()
    vocabulary = pieces.vocabulary()
    constraint = tl.compile(interpreter.schema, vocabulary, layout=world.layout, order=world.order)
    letters = sorted(set(b"".join(world.alphabet) if isinstance(world.alphabet, tuple) else world.alphabet))
    wave = [b""]
    for length in range(world.depth + 1):
        following = []
        for prefix in wave:
            matcher = constraint.start()
            assert matcher.accept_bytes(prefix), prefix
            allowed = mask_of(matcher, vocabulary, END + 1)
            assert matcher.is_accepting() == (END in allowed) == (prefix in accepted), prefix
            assert constraint.accepts(prefix) == (prefix in accepted), prefix
            for byte in letters if length < world.depth else b"":
                longer = prefix + bytes((byte,))
                if longer in living:
                    assert byte in allowed, f"{longer!r} is blocked, but begins {_witness(longer, accepted)!r}"
                    following.append(longer)
                elif byte in allowed:
                    found = interpreter.completion(longer, alphabet=WIDE, limit=3)
                    assert found is not None, f"{longer!r} lives, but nothing completes it"
        wave = following


def accepted_texts(interpreter: Interpreter, world: World) -> set[bytes]:
    """Every accepted text of up to `horizon` pieces over the alphabet of `world`."""
    texts = interpreter.prefixes(b"", alphabet=world.alphabet, limit=world.horizon)
    return {text for text in texts if interpreter.accepts(text)}


def _witness(prefix: bytes, accepted: set[bytes]) -> bytes:
    return min((text for text in accepted if text.startswith(prefix)), key=len)
