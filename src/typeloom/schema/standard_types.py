"""Validator functions: those of Pydantic's own that are known, and those of a user's that are not.

Pydantic builds many of its own types from a plain core schema and a Python function of its own (`HttpUrl`, `Path`,
`IPv4Address`, `SecretStr`, the constraints on types it does not know). Those functions are recognised by module and
qualified name, and read for what they accept. A function of anybody else is opaque: what surrounds it is offered and
the Note says "wider", because the function may still refuse after decoding. A name of Pydantic's that is not in the
tables below is treated as opaque too, so a new release can make a type wider but never unsound.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from typeloom.regex.expr import Chars, Concat, Literal, Repeat
from typeloom.schema.leaf import Core, Leaf, Remark, formatted, text, wider
from typeloom.schema.node import ANY, Node, Number, Shape, String
from typeloom.schema.shapes import any_of, text_choice
from typeloom.schema.text_types import base64_texts

if TYPE_CHECKING:
    from typeloom.schema.core_schema import Reader
    from typeloom.schema.leaf import Site


def own_name(function: Any) -> str | None:
    """The qualified name of a function that belongs to Pydantic (or to `ipaddress`, whose classes it calls)."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    module = getattr(function, "__module__", None) or ""
    if module in ("pydantic", "ipaddress") or module.startswith(("pydantic.", "pydantic_core")):
        return str(getattr(function, "__qualname__", "")) or None
    return None


# Functions that accept whatever the schema inside accepts.
TRANSPARENT = frozenset(
    {
        "_BaseUrl.__get_pydantic_core_schema__.<locals>.wrap_val",
        "_BaseMultiHostUrl.__get_pydantic_core_schema__.<locals>.wrap_val",
        "defaultdict_validator",
        "sequence_validator",
        "SecretStr",
        "SecretBytes",
        "Secret.__get_pydantic_core_schema__.<locals>.<lambda>",
        "GenerateSchema._path_schema.<locals>.path_validator",
    }
)  # fmt: skip

FORMATS: Mapping[str, tuple[str, str]] = {
    "ip_v4_address_validator": ("ipv4", "IPv4Address"),
    "ip_v6_address_validator": ("ipv6", "IPv6Address"),
    "ip_v4_network_validator": ("python-ipv4-network", "IPv4Network"),
    "ip_v6_network_validator": ("python-ipv6-network", "IPv6Network"),
    "ip_v4_interface_validator": ("python-ipv4-interface", "IPv4Interface"),
    "ip_v6_interface_validator": ("python-ipv6-interface", "IPv6Interface"),
    "IPv4Address": ("ipv4", "IPv4Address"),
    "IPv6Address": ("ipv6", "IPv6Address"),
    "IPv4Network": ("python-ipv4-network", "IPv4Network"),
    "IPv6Network": ("python-ipv6-network", "IPv6Network"),
    "IPv4Interface": ("python-ipv4-interface", "IPv4Interface"),
    "IPv6Interface": ("python-ipv6-interface", "IPv6Interface"),
}

EITHER_ADDRESS: Mapping[str, tuple[str, ...]] = {
    "IPvAnyAddress._validate": ("ipv4", "ipv6"),
    "IPvAnyInterface._validate": ("python-ipv4-interface", "python-ipv6-interface"),
    "IPvAnyNetwork._validate": ("python-ipv4-network", "python-ipv6-network"),
}

AFTER_DECODING: Mapping[str, tuple[str, str]] = {
    "pattern_either_validator": ("Pattern", "must compile as a regular expression; checked after decoding"),
    "pattern_str_validator": ("Pattern", "must compile as a regular expression; checked after decoding"),
    "pattern_bytes_validator": ("Pattern", "must compile as a regular expression; checked after decoding"),
    "import_string": ("ImportString", "the name is imported after decoding"),
}

PATHS: Mapping[str, str] = {
    "PathType.validate_file": "the file must exist; checked after decoding",
    "PathType.validate_directory": "the directory must exist; checked after decoding",
    "PathType.validate_new": "the path must be new; checked after decoding",
    "PathType.validate_socket": "the socket must exist; checked after decoding",
}


def _email(name: str) -> Leaf:
    leaf = formatted("email", name)
    if not leaf.remarks:
        leaf = replace(
            leaf,
            remarks=(
                wider(name, "email-validator also refuses special domains such as .test; checked after decoding"),
            ),
        )
    return leaf


def _name_email() -> Leaf:
    leaf = _email("NameEmail")
    assert isinstance(leaf.node, Shape) and leaf.node.string is not None
    language = leaf.node.string.language
    if language is None:
        return leaf
    plain = Chars(
        (
            (0x21, 0x21),
            (0x23, 0x2B),
            (0x2D, 0x39),
            (0x3D, 0x3D),
            (0x3F, 0x3F),
            (0x41, 0x5A),
            (0x5E, 0x7E),
            (0xA1, 0xD7FF),
        )
    )
    name = Concat((plain, Repeat(Chars(((0x20, 0x20), *plain.ranges)), 0, 60)))
    return replace(
        leaf,
        node=any_of((leaf.node, Shape(string=String(language=Concat((name, Literal(" <"), language, Literal(">"))))))),
    )


def _encoded(function: Any, inner: Core) -> Leaf | None:
    """Base64Bytes, Base64Str and their URL-safe forms; None for an encoder of the user's."""
    encoder = getattr(getattr(function, "__self__", None), "encoder", None)
    extra = {"Base64Encoder": "+/", "Base64UrlEncoder": "-_"}.get(getattr(encoder, "__name__", ""))
    if extra is None or own_name(encoder) is None or set(inner) & {"min_length", "max_length", "pattern"}:
        return None
    remarks: tuple[Remark, ...] = ()
    if inner["type"] == "str":
        remarks = (wider("Base64Str", "the decoded bytes must be UTF-8; checked after decoding"),)
    return text(String(language=base64_texts(extra)), "base64", *remarks)


def _time_zones() -> Leaf:
    """The names that this machine's tz database holds. Cost: reads the database's index, some milliseconds."""
    from zoneinfo import available_timezones

    return text(text_choice(sorted(available_timezones())), "ZoneInfo")


def standard_leaf(core: Core) -> Leaf | None:
    """A type that Pydantic makes of a function, read whole; None if the function is not one of those."""
    function = core["function"]["function"]
    name = own_name(function)
    if name is None:
        return None
    if name in FORMATS:
        return formatted(*FORMATS[name])
    if name in AFTER_DECODING:
        subject, reason = AFTER_DECODING[name]
        return text(String(), subject, wider(subject, reason))
    if name in EITHER_ADDRESS:
        leaves = [formatted(each, "IP") for each in EITHER_ADDRESS[name]]
        remarks = tuple(remark for leaf in leaves for remark in leaf.remarks)
        return Leaf(any_of([leaf.node for leaf in leaves]), name.partition(".")[0], remarks)
    if name == "validate_str_is_valid_iana_tz":
        return _time_zones()
    if name == "EmailStr._validate":
        return _email("EmailStr")
    if name == "NameEmail._validate":
        return _name_email()
    if name == "ByteSize._validate":
        return Leaf(
            Shape(number=Number(integer=True, minimum=Decimal(0))), "ByteSize", (), "offered as a number of bytes"
        )
    if name in ("EncodedBytes.decode", "EncodedStr.decode_str"):
        return _encoded(function, core["schema"])
    return None


def read_function(reader: Reader, core: Core, site: Site) -> Node:
    """A before, after, wrap or plain validator: what it is known to accept, else what it surrounds, noted as wider."""
    leaf = standard_leaf(core)
    if leaf is not None:
        return reader.leaf(leaf, site)
    function = core["function"]["function"]
    name = own_name(function)
    if name in TRANSPARENT:
        return reader.read(core["schema"], site)
    if (
        name is not None
        and name.endswith("_validator")
        and isinstance(function, functools.partial)
        and function.keywords
    ):
        return _constrained(reader, core, function.keywords, site)
    if name is not None and name in PATHS:
        node = reader.read(core["schema"], site)
        reader.wider(site, "Path", PATHS[name])
        return node
    said = getattr(function, "__name__", None) or type(function).__name__
    subject = f"{core['type'].partition('-')[2]} validator {said}"
    declared = core.get("json_schema_input_schema")
    if declared is not None:
        node = reader.read(declared, site)
    elif core["type"] == "function-plain":
        node = ANY
    else:
        node = reader.read(core["schema"], site)
    reader.wider(site, subject, "validated after decoding")
    return node


def _constrained(reader: Reader, core: Core, constraints: Mapping[str, Any], site: Site) -> Node:
    """A constraint that Pydantic checks by function. Lengths are enforced, the rest is not."""
    node = reader.read(core["schema"], site)
    for key, value in constraints.items():
        kept = _with_length(node, key, value, core["schema"])
        if kept is None:
            reader.wider(site, f"{key}={value!r}", "checked on the finished value, after decoding")
        else:
            node = kept
    return node


def _with_length(node: Node, key: str, value: Any, inner: Core) -> Node | None:
    """`node` with a length bound, where the length of the value is the length of the JSON; else None."""
    if key not in ("min_length", "max_length") or not isinstance(node, Shape) or node.number or node.booleans:
        return None
    if node.string is not None and not _is_plain_text(inner):
        return None
    if node.array is not None and node.array.unique:
        return None

    def tighter(least: int, most: int | None) -> tuple[int, int | None]:
        if key == "min_length":
            return max(least, value), most
        return least, value if most is None else min(most, value)

    string, array, object_ = node.string, node.array, node.object
    if string is not None:
        least, most = tighter(string.min_length, string.max_length)
        string = replace(string, min_length=least, max_length=most)
    if array is not None:
        least, most = tighter(array.min_items, array.max_items)
        array = replace(array, min_items=least, max_items=most)
    if object_ is not None:
        if object_.names is not None or object_.properties:
            return None
        least, most = tighter(object_.min_properties, object_.max_properties)
        object_ = replace(object_, min_properties=least, max_properties=most)
    return replace(node, string=string, array=array, object=object_)


def _is_plain_text(core: Core) -> bool:
    """Whether the value's length is the length of the text: a str, or a secret around one."""
    for _ in range(8):
        kind = core["type"]
        if kind == "str":
            return not core.get("strip_whitespace")
        if kind == "lax-or-strict":
            core = core["lax_schema"]
        elif kind == "json-or-python":
            core = core["json_schema"]
        elif (
            kind == "nullable"
            or (kind == "function-after" and own_name(core["function"]["function"]) == "SecretStr")
            or (
                kind == "function-after"
                and (own_name(core["function"]["function"]) or "").endswith("_length_validator")
            )
        ):
            core = core["schema"]
        else:
            return False
    return False


def is_transparent(core: Core) -> bool:
    """Whether a later step of a chain is known not to refuse what the first step gave."""
    return core["type"].startswith("function-") and own_name(core["function"]["function"]) in TRANSPARENT


def is_users_post_init(cls: type) -> bool:
    """Whether `model_post_init` runs code of the user's, not only Pydantic's setting of private attributes."""
    function = getattr(cls, "model_post_init", None)
    name = own_name(function)
    return name is None or name.endswith("wrapped_model_post_init")
