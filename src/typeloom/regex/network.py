"""Names and addresses of the network: IP addresses, hosts, mail addresses, URIs, IRIs and URI templates.

Every function is the ABNF of its RFC with the lengths that the RFC states; what a grammar cannot say is told in
`formats.WIDER`.
"""

from __future__ import annotations

from functools import cache

from typeloom.regex import charset, idna
from typeloom.regex.build import ALNUM, ALPHA, DIGIT, HEX, chars, either, exactly, many, maybe, merged, number_to, seq
from typeloom.regex.expr import ANY_CHAR, ANY_TEXT, Chars, Complement, Concat, Conjoin, Expr, Literal, Literals, Repeat
from typeloom.regex.idna import Direction

NON_ASCII = Chars(((0x80, 0xD7FF), (0xE000, 0x10FFFF)))


# ---- IP addresses


@cache
def ipv4() -> Expr:
    """Four numbers 0..255 without leading zeros (RFC 2673, section 3.2)."""
    octet = number_to(255)
    return seq(octet, exactly(seq(".", octet), 3))


@cache
def ipv6() -> Expr:
    """RFC 4291, section 2.2 in the ABNF of RFC 3986: full, `::` anywhere, a dotted IPv4 tail; no zone."""
    group = many(HEX, 1, 4)
    last_two = either(seq(group, ":", group), ipv4())
    forms: list[Expr] = [seq(exactly(seq(group, ":"), 6), last_two)]
    for after in range(6):  # groups between "::" and the last two
        forms.append(seq(_groups_to(5 - after), "::", exactly(seq(group, ":"), after), last_two))
    forms.append(seq(_groups_to(6), "::", group))
    forms.append(seq(_groups_to(7), "::"))
    return either(*forms)


def _groups_to(count: int) -> Expr:
    """At most so many groups, with colons between them."""
    group = many(HEX, 1, 4)
    return maybe(group, many(seq(":", group), 0, count - 1)) if count else Literal("")


@cache
def ipv4_interface() -> Expr:
    """`address/prefix length`, as `IPv4Interface` dumps."""
    return seq(ipv4(), "/", number_to(32))


@cache
def ipv6_interface() -> Expr:
    return seq(ipv6(), "/", number_to(128))


@cache
def ipv4_network() -> Expr:
    """`address/prefix length` with every host bit zero, as `ipaddress.IPv4Network` (strict) asks."""
    octet = number_to(255)
    forms: list[Expr] = []
    for prefix in range(33):
        whole, bits = divmod(prefix, 8)
        octets: list[Expr] = [octet] * whole
        if bits:
            octets.append(Literals(tuple(str(value) for value in range(0, 256, 1 << (8 - bits)))))
        octets += [Literal("0")] * (4 - len(octets))
        dotted = [part for one in octets for part in (Literal("."), one)][1:]
        forms.append(seq(*dotted, f"/{prefix}"))
    return either(*forms)


# ---- host names


NAME = Repeat(ANY_CHAR, 1, 253)  # characters, which are octets where they are ASCII
DOTS = chars(".\u3002\uff0e\uff61")  # RFC 3490, section 3.1


@cache
def hostname() -> Expr:
    """RFC 1123, section 2.1: dotted labels of 63, 253 characters in all, no dot at the end; A-labels as in RFC 5890."""
    label = {way: either(idna.ascii_label(ALNUM, way), idna.a_label(way)) for way in Direction}
    return Conjoin((idna.names(label, "."), NAME))


@cache
def idn_hostname() -> Expr:
    """RFC 5890, section 2.3.2.3: labels of ASCII, A-labels and U-labels, separated by any of the four dots."""
    label = {
        way: either(idna.ascii_label(ALNUM, way), idna.short_label(way), idna.a_label(way)) for way in Direction
    }
    return Conjoin((idna.names(label, DOTS), NAME))


def _domain(alphabet: Chars, dot: Chars) -> Expr:
    """Labels between dots, with A-labels that are not decoded: mail's own RFCs do not ask for more."""
    reserved = seq(ANY_CHAR, ANY_CHAR, "--", ANY_TEXT)
    a_label = seq(chars("xX"), chars("nN"), "--", ANY_TEXT)
    label = Conjoin((idna.label_shape(alphabet), either(Complement(reserved), a_label)))
    return Conjoin((seq(label, many(seq(dot, label))), NAME))


@cache
def domain() -> Expr:
    """RFC 5321, section 4.1.2."""
    return _domain(ALNUM, chars("."))


@cache
def idn_domain() -> Expr:
    """RFC 6531, section 3.3: with any characters outside ASCII, in any normal form."""
    return _domain(chars(ALNUM, Chars(charset.difference(NON_ASCII.ranges, DOTS.ranges))), DOTS)


# ---- mail addresses


def _mailbox(beyond: Chars | None, domain: Expr) -> Expr:
    """RFC 5321, section 4.1.2: local part of at most 64 (dot-string or quoted string), `@`, domain or address."""
    atext = chars(ALNUM, "!#$%&'*+/=?^_`{|}~", "-", *([beyond] if beyond else []))
    dot_string = seq(many(atext, 1), many(seq(".", many(atext, 1))))
    quoted_text = merged(((0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7E), *(beyond.ranges if beyond else ())))
    quoted = seq('"', many(either(quoted_text, seq("\\", chars(" -~")))), '"')
    local = Conjoin((either(dot_string, quoted), Repeat(ANY_CHAR, 1, 64)))
    literal = seq("[", either(ipv4(), seq(chars("Ii"), chars("Pp"), chars("Vv"), "6:", ipv6())), "]")
    return seq(local, "@", either(domain, literal))


@cache
def email() -> Expr:
    return _mailbox(None, domain())


@cache
def idn_email() -> Expr:
    """RFC 6531: the same with characters outside ASCII."""
    return _mailbox(NON_ASCII, idn_domain())


# ---- URIs (RFC 3986, appendix A) and IRIs (RFC 3987, section 2.2)

UNRESERVED = chars(ALNUM, "-._~")
SUB_DELIMS = chars("!$&'()*+,;=")
PERCENT = seq("%", HEX, HEX)
UCS = merged(
    [(0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF), (0xE1000, 0xEFFFD)]
    + [(plane << 16, plane << 16 | 0xFFFD) for plane in range(1, 14)]
)
PRIVATE = Chars(((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)))


@cache
def _uri_parts(international: bool) -> tuple[Expr, Expr]:
    """(scheme and hierarchical part with query and fragment, relative reference)."""
    letters = chars(UNRESERVED, UCS) if international else UNRESERVED

    def text(*more: str | Chars, minimum: int = 0) -> Expr:
        return many(either(chars(letters, SUB_DELIMS, *more), PERCENT), minimum)

    segment, some_segment = text(":@"), text(":@", minimum=1)
    no_colon = text("@", minimum=1)
    future = seq(chars("vV"), many(HEX, 1), ".", many(chars(UNRESERVED, SUB_DELIMS, ":"), 1))
    host = either(seq("[", either(ipv6(), future), "]"), text())
    authority = seq(maybe(text(":"), "@"), host, maybe(":", many(DIGIT)))
    path_empty_or_absolute = many(seq("/", segment))
    absolute = seq("/", maybe(some_segment, many(seq("/", segment))))
    rootless = seq(some_segment, many(seq("/", segment)))
    no_scheme = seq(no_colon, many(seq("/", segment)))
    with_authority = seq("//", authority, path_empty_or_absolute)
    query = text(":@/?", *([PRIVATE] if international else []))
    tail = seq(maybe("?", query), maybe("#", text(":@/?")))
    scheme = seq(ALPHA, many(chars(ALNUM, "+.", "-")))
    uri = seq(scheme, ":", either(with_authority, absolute, rootless, ""), tail)
    relative = seq(either(with_authority, absolute, no_scheme, ""), tail)
    return uri, relative


def uri() -> Expr:
    return _uri_parts(False)[0]


@cache
def uri_reference() -> Expr:
    return either(*_uri_parts(False))


def iri() -> Expr:
    return _uri_parts(True)[0]


@cache
def iri_reference() -> Expr:
    return either(*_uri_parts(True))


@cache
def uri_template() -> Expr:
    """RFC 6570, section 2: literals and expressions with operator, variables, prefix or explode modifiers.

    An apostrophe may stand in a literal, as an erratum says and the validators agree.
    """
    literal = either(
        merged(((0x21, 0x21), (0x23, 0x24), (0x26, 0x3B), (0x3D, 0x3D), (0x3F, 0x5B), (0x5D, 0x5D),
                (0x5F, 0x5F), (0x61, 0x7A), (0x7E, 0x7E), *UCS.ranges, *PRIVATE.ranges)),
        PERCENT,
    )  # fmt: skip
    character = either(chars(ALNUM, "_"), PERCENT)
    name = seq(character, many(seq(maybe("."), character)))
    modifier = either("*", seq(":", chars("1-9"), many(DIGIT, 0, 3)))
    variable = seq(name, maybe(modifier))
    operator = maybe(chars("+#./;?&=,!@|"))
    expression = seq("{", operator, variable, many(seq(",", variable)), "}")
    return many(either(literal, expression))


@cache
def uuid() -> Expr:
    """RFC 4122, section 3: 8-4-4-4-12 hexadecimal digits, in either case."""
    return seq(exactly(HEX, 8), exactly(Concat((Literal("-"), exactly(HEX, 4))), 3), "-", exactly(HEX, 12))
