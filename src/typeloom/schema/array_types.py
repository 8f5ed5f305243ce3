"""Arrays: lists, sets, tuples and tuple classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typeloom.errors import SchemaError
from typeloom.schema.leaf import Core, Site, lengths
from typeloom.schema.node import ANY, NEVER, Array, Node, Shape
from typeloom.schema.shapes import SCALAR, any_of, open_node

if TYPE_CHECKING:
    from typeloom.schema.core_schema import Reader


def read_list(reader: Reader, core: Core, site: Site) -> Node:
    least, most = lengths(core, site.path)
    reader.exact(site, core["type"])
    items = reader.attempt(core["items_schema"], site.item("*")) if "items_schema" in core else ANY
    return Shape(array=Array(items=open_node(items), min_items=least, max_items=most))


def read_set(reader: Reader, core: Core, site: Site) -> Node:
    """Unique items: a set dumps each once. Items that Python cannot hash are refused, as Pydantic would."""
    least, most = lengths(core, site.path)
    item = core.get("items_schema", {"type": "any"})
    if not hashable(reader, item):
        raise SchemaError(
            f"expected hashable items in a {core['type']}, got {item['type']}: use list, or a frozen model",
            path=site.path,
        )
    reader.exact(site, core["type"])
    node = reader.attempt(item, site.item("*"))
    if node == ANY:
        node = SCALAR
    if least > 1 and not _one_text_each(node):
        reader.wider(site, "min_length", "two texts may be one item; Pydantic counts after folding them")
    return Shape(array=Array(items=node, min_items=least, max_items=most, unique=True))


def _one_text_each(node: Node) -> bool:
    """Whether different JSON values are different Python values: whole numbers, booleans, plain strings, null."""
    return (
        isinstance(node, Shape)
        and (node.string is None or node.string.language is None or node.number is None)
        and not (node.booleans and node.number)
        and (node.number is None or node.number.integer)
        and node.array is None
        and node.object is None
    )


def hashable(reader: Reader, core: Core, within: frozenset[int] = frozenset()) -> bool:
    """Whether the Python values of a core schema can be hashed, as far as it tells; `within` stops recursion."""
    core = reader.resolved(core)
    if id(core) in within:
        return True
    within |= {id(core)}
    kind = core["type"]
    if kind in ("list", "set", "dict", "deque", "typed-dict", "ordered-dict", "counter"):
        return False
    if kind in ("model", "dataclass"):
        if getattr(core["cls"], "__hash__", None) is None:
            return False
        return hashable(reader, core["schema"], within)  # a frozen model hashes its fields
    if kind in ("model-fields", "dataclass-args", "named-tuple"):
        fields = core["fields"].values() if isinstance(core["fields"], dict) else core["fields"]
        return all(hashable(reader, field["schema"], within) for field in fields)
    if kind == "tuple":
        return all(hashable(reader, item, within) for item in core["items_schema"])
    if kind in ("nullable", "default", "function-before"):
        return hashable(reader, core["schema"], within)
    if kind == "function-after":  # a function may turn a list into a tuple; a model's validator returns the model
        inner = reader.resolved(core["schema"])
        return inner["type"] not in ("model", "dataclass") or hashable(reader, inner, within)
    if kind == "union":
        choices = [choice[0] if isinstance(choice, tuple) else choice for choice in core["choices"]]
        return all(hashable(reader, choice, within) for choice in choices)
    return True


def read_tuple(reader: Reader, core: Core, site: Site) -> Node:
    cores = core["items_schema"]
    variadic = core.get("variadic_item_index")
    reader.exact(site, "tuple")
    items = [reader.attempt(item, site.item("*" if i == variadic else i)) for i, item in enumerate(cores)]
    least, most = lengths(core, site.path)
    if variadic is None:
        if not least <= len(items) <= (len(items) if most is None else most):
            raise SchemaError(
                f"expected a length of {len(items)}, got min_length={least}, max_length={most}", path=site.path
            )
        return Shape(array=Array(tuple(items), NEVER, len(items), len(items)))
    prefix, repeated, suffix = items[:variadic], items[variadic], items[variadic + 1 :]
    if suffix:
        reader.wider(site, "tuple", "items after the repeated part are matched from the end after decoding")
        repeated = any_of((repeated, *suffix))
    return Shape(array=Array(tuple(prefix), open_node(repeated), max(least, len(items) - 1), most))


def read_named_tuple(reader: Reader, core: Core, site: Site) -> Node:
    reader.exact(site, core["cls"].__name__)
    fields = core["fields"]
    items = tuple(reader.attempt(field["schema"], site.item(i)) for i, field in enumerate(fields))
    least = max((i + 1 for i, field in enumerate(fields) if field["schema"]["type"] != "default"), default=0)
    return Shape(array=Array(items, NEVER, least, len(items)))
