"""The slow plain twin of the core: which JSON texts a Schema accepts, by definition, without any automaton.

A text is read whole into a tree (`json_text`), then the Node is evaluated over the tree. Evaluation gives a `Verdict`
with two halves:

    holds    the *value* satisfies the node. Spelling plays no part, so `Not` and `OneOf` mean what the schema says:
             `not integer` refuses 2.0 in every layout.
    spelled  the *text* is also written as the layout and order demand of this node. A text is accepted when both
             halves are true; under AnyOf one part must have both, under OneOf the one part that holds must have both,
             and below Not nothing is demanded.

What `spelled` demands, where a Shape is applied:

- compact and spaced: a Number with `integer` has no fraction, no exponent and is not `-0`; one with `values` is written
  plainly, as it was listed, or as a writer of floats spells it (`listed_spellings`). In flexible layout any JSON
  spelling will do. (How strings and exponents are spelt is the layout's business, whatever the schema says: see
  `json_text`.)
- order "declared": the keys of `properties` that are present come first and in declared order, other keys after them.
  Checked for each Shape that is applied; a Shape without properties demands nothing. In a conjunction a key's place is
  ruled by the first part that declares it: to the later parts it is `elsewhere`, and they do not look at it.

`completion` and `prefix_ok` are for small worlds: a search over all continuations out of a given alphabet up to a given
length. Within that world they are exact; a "no" says only that nothing was found inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from oracles.expression import matches
from oracles.json_text import ArrayTree, NumberText, ObjectTree, Refused, StringText, Tree, Truncated, read
from typeloom.schema.node import AllOf, AnyOf, Array, Node, Not, Number, Object, OneOf, Ref, Schema, Shape, String

MAX_EXPONENT = 5000
Alphabet: TypeAlias = bytes | Sequence[bytes]  # single bytes, or longer pieces that keep a search short


class Undecided(Exception):
    """A number too long to be written out as a fraction; the oracle has no opinion."""


@dataclass(frozen=True)
class Verdict:
    holds: bool
    spelled: bool = True

    @property
    def accepted(self) -> bool:
        return self.holds and self.spelled


def accepts(schema: Schema, text: bytes | str, *, layout: str = "compact", order: str = "declared") -> bool:
    """True if the whole `text` is accepted.

    >>> accepts(Schema(Shape(number=Number(integer=True))), "2.0")
    False
    >>> accepts(Schema(Shape(number=Number(integer=True))), "2.0", layout="flexible")
    True
    """
    return Interpreter(schema, layout, order).accepts(text)


class Interpreter:
    """One schema in one layout and order."""

    def __init__(self, schema: Schema, layout: str = "compact", order: str = "declared") -> None:
        if order not in ("declared", "any"):
            raise ValueError(f"expected order 'declared' or 'any', got {order!r}")
        self.schema, self.layout, self.order = schema, layout, order

    def accepts(self, text: bytes | str) -> bool:
        try:
            return self.judge(self.schema.root, read(text, self.layout)).accepted
        except (Refused, Truncated):
            return False

    def prefix_ok(
        self, prefix: bytes, *, alphabet: Alphabet = b'0123456789-.aetrufnls{}[]":, ', limit: int = 6
    ) -> bool:
        """True if `prefix` plus at most `limit` pieces of `alphabet` is accepted. Cost: up to len(alphabet)**limit."""
        return self.completion(prefix, alphabet=alphabet, limit=limit) is not None

    def completion(self, prefix: bytes, *, alphabet: Alphabet, limit: int) -> bytes | None:
        """A completion of fewest pieces within the given world, or None; dead JSON prefixes are dropped at once."""
        for text in self.prefixes(prefix, alphabet=alphabet, limit=limit):
            if self.accepts(text):
                return text[len(prefix) :]
        return None

    def prefixes(self, prefix: bytes, *, alphabet: Alphabet, limit: int) -> Iterator[bytes]:
        """`prefix` and its continuations by up to `limit` pieces, breadth first, while they may still become JSON."""
        pieces = [bytes((byte,)) for byte in alphabet] if isinstance(alphabet, bytes) else alphabet
        wave = [prefix]
        for length in range(limit + 1):
            wave = [text for text in wave if self._may_become_json(text)]
            yield from wave
            if length < limit:
                wave = list(dict.fromkeys(text + piece for text in wave for piece in pieces))

    def _may_become_json(self, text: bytes) -> bool:
        try:
            read(text, self.layout)
        except Truncated:
            return True
        except Refused:
            return False
        return True

    # Nodes

    def judge(self, node: Node, tree: Tree, elsewhere: frozenset[str] = frozenset()) -> Verdict:
        match node:
            case Shape():
                return self._shape(node, tree, elsewhere)
            case Ref(name):
                return self.judge(self.schema.definitions[name], tree, elsewhere)
            case AllOf(parts):
                verdicts = []
                for part in parts:
                    verdicts.append(self.judge(part, tree, elsewhere))
                    elsewhere |= self.declared_keys(part)
                return _all(verdicts)
            case AnyOf(parts):
                verdicts = [self.judge(part, tree, elsewhere) for part in parts]
                return Verdict(any(one.holds for one in verdicts), any(one.accepted for one in verdicts))
            case OneOf(parts):
                verdicts = [self.judge(part, tree, elsewhere) for part in parts]
                holding = [one for one in verdicts if one.holds]
                return Verdict(len(holding) == 1, len(holding) == 1 and holding[0].spelled)
            case Not(part):
                return Verdict(not self.judge(part, tree).holds)

    def declared_keys(self, node: Node) -> frozenset[str]:
        """The keys that `node` declares for an object itself; what is negated rules no places."""
        match node:
            case Shape():
                return frozenset() if node.object is None else frozenset(name for name, _ in node.object.properties)
            case Ref(name):
                return self.declared_keys(self.schema.definitions[name])
            case Not():
                return frozenset()
            case AllOf(parts) | AnyOf(parts) | OneOf(parts):
                return frozenset().union(*(self.declared_keys(part) for part in parts))

    def _shape(self, shape: Shape, tree: Tree, elsewhere: frozenset[str]) -> Verdict:
        match tree:
            case None:
                return Verdict(shape.null)
            case bool():
                return Verdict(any(tree is allowed for allowed in shape.booleans))
            case NumberText():
                return REFUSED if shape.number is None else self.number(shape.number, tree)
            case StringText():
                return REFUSED if shape.string is None else self.string(shape.string, tree)
            case ArrayTree():
                return REFUSED if shape.array is None else self.array(shape.array, tree)
            case ObjectTree():
                return REFUSED if shape.object is None else self.object(shape.object, tree, elsewhere)

    # Kinds

    def number(self, rule: Number, tree: NumberText) -> Verdict:
        if abs(tree.value.adjusted()) > MAX_EXPONENT:
            raise Undecided(f"an exponent beyond {MAX_EXPONENT}: {tree.text}")
        value = Fraction(tree.value)
        holds = (
            (not rule.integer or value.denominator == 1)
            and (not rule.digits_only or not any(mark in tree.text for mark in ".eE"))
            and (rule.minimum is None or _above(value, rule.minimum, rule.exclusive_minimum))
            and (rule.maximum is None or _above(-value, -rule.maximum, rule.exclusive_maximum))
            and all((value / Fraction(divisor)).denominator == 1 for divisor in rule.multiple_of)
            and (rule.values is None or any(value == Fraction(allowed) for allowed in rule.values))
            and (not rule.finite_double or float(tree.text) not in (float("inf"), float("-inf")))
            and _digits_fit(rule, tree.value)
        )
        if self.layout == "flexible":
            return Verdict(holds)
        spelled = not rule.integer or (tree.text != "-0" and not any(mark in tree.text for mark in ".eE"))
        if rule.values is not None:
            spelled = spelled and any(tree.text in listed_spellings(listed) for listed in rule.values)
        return Verdict(holds, spelled)

    def string(self, rule: String, tree: StringText) -> Verdict:
        holds = (
            rule.min_length <= len(tree.value)
            and (rule.max_length is None or len(tree.value) <= rule.max_length)
            and (rule.language is None or matches(rule.language, tree.value))
        )
        return Verdict(holds)

    def array(self, rule: Array, tree: ArrayTree) -> Verdict:
        items = tree.items
        parts = [Verdict(rule.min_items <= len(items) and (rule.max_items is None or len(items) <= rule.max_items))]
        for index, item in enumerate(items):
            node = rule.prefix[index] if index < len(rule.prefix) else rule.items
            parts.append(ACCEPTED if node is None else self.judge(node, item))
        if rule.unique:
            values = [plain(item) for item in items]
            parts.append(Verdict(len(set(values)) == len(values)))
        for contains in rule.contains:
            found = sum(self.judge(contains.node, item).holds for item in items)
            parts.append(Verdict(contains.minimum <= found and (contains.maximum is None or found <= contains.maximum)))
        return _all(parts)

    def object(self, rule: Object, tree: ObjectTree, elsewhere: frozenset[str] = frozenset()) -> Verdict:
        keys = [key.value for key, _ in tree.members]
        most = rule.max_properties
        parts = [Verdict(rule.min_properties <= len(keys) and (most is None or len(keys) <= most))]
        parts.append(Verdict(rule.required <= set(keys)))
        declared = dict(rule.properties)
        for key, value in tree.members:
            nodes = [declared[key.value]] if key.value in declared else []
            nodes += [node for expression, node in rule.patterns if matches(expression, key.value)]
            if not nodes and rule.additional is not None:
                nodes = [rule.additional]
            parts += [self.judge(node, value) for node in nodes]
            if rule.names is not None:
                parts.append(self.string(rule.names, key))
        parts.append(Verdict(True, self._ordered(list(declared), keys, elsewhere)))
        return _all(parts)

    def _ordered(self, declared: list[str], keys: list[str], elsewhere: frozenset[str]) -> bool:
        if self.order == "any" or not declared:
            return True
        keys = [key for key in keys if key not in elsewhere]
        present = [key for key in declared if key in keys]
        return keys[: len(present)] == present


ACCEPTED = Verdict(True)
REFUSED = Verdict(False)


def plain(tree: Tree) -> object:
    """The tree as a hashable value in which equal JSON values are equal: 1 is 1.0, true is not 1, key order is free."""
    match tree:
        case None:
            return ("null",)
        case bool():
            return ("boolean", tree)
        case NumberText():
            return ("number", Fraction(tree.value))
        case StringText():
            return ("string", tree.value)
        case ArrayTree(items):
            return ("array", tuple(plain(item) for item in items))
        case ObjectTree(members):
            return ("object", frozenset((key.value, plain(value)) for key, value in members))


def listed_spellings(value: Decimal) -> set[str]:
    """How compact and spaced layout write a listed number.

    >>> sorted(listed_spellings(Decimal("2.50"))), sorted(listed_spellings(Decimal("100")))
    (['2.5', '2.50'], ['100'])
    """
    listed = str(value).replace("E", "e")
    plain = format(value.normalize(), "f") if value else "0"
    spellings = {plain, listed}
    if "." in listed and "." not in plain:
        spellings.add(plain + ".0")
    if value and not -4 <= value.adjusted() < 16:
        digits = "".join(map(str, value.normalize().as_tuple().digits))
        mantissa = ("-" if value < 0 else "") + digits[0] + ("." + digits[1:] if digits[1:] else "")
        power = abs(value.adjusted())
        signs = ("-",) if value.adjusted() < 0 else ("+", "")
        spellings |= {f"{mantissa}e{sign}{width}" for sign in signs for width in (power, f"{power:02}")}
    return spellings


def _all(parts: list[Verdict]) -> Verdict:
    return Verdict(all(part.holds for part in parts), all(part.spelled for part in parts))


def _above(value: Fraction, bound: Decimal, exclusive: bool) -> bool:
    return value > Fraction(bound) if exclusive else value >= Fraction(bound)


def _digits_fit(rule: Number, value: Decimal) -> bool:
    """Pydantic's count: trailing zeros are free, `0.001` has three digits, `100` has three and no decimal places."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    while len(digits) > 1 and digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    if digits == (0,):
        exponent = 0
    places = max(0, -exponent)
    total = max(places, len(digits) + max(0, exponent))
    whole = total - places
    if rule.decimal_places is not None and places > rule.decimal_places:
        return False
    if rule.max_digits is None:
        return True
    if rule.decimal_places is not None and whole > rule.max_digits - rule.decimal_places:
        return False
    return total <= rule.max_digits
