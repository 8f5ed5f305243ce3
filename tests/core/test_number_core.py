"""The number automaton against exact Decimal and Fraction arithmetic, text by text, on small worlds.

The laws, for every text the automaton does not refuse: what holds is what the arithmetic says; a constraint is live
exactly if a completion exists (`min_bytes` finds one, and no completion that enumeration finds is refused); it is sure
exactly if no completion breaks it; `min_bytes` is the length of a shortest completion.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter, ValidationError

CORE = Path(__file__).parents[2] / "src" / "core"
JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
CANONICAL_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-]?[0-9]{1,3})?")
OVERFLOW = 2**1024 - 2**970
NO_COMPLETION = 2**32 - 1
DIGITS = "0123456789"
FULL = DIGITS + ".eE+-"


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler")
    target = tmp_path_factory.mktemp("number") / "number_driver"
    sources = [CORE / name for name in ("decimal.cc", "number_set.cc", "number.cc")]
    sources.append(Path(__file__).with_name("number_driver.cc"))
    flags = ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{CORE}"]
    subprocess.run([compiler, *flags, *map(str, sources), "-o", str(target)], check=True)
    return target


@dataclass
class Walked:
    state: int
    complete: bool
    live: int
    sure: int
    holds: int


class Table:
    """One NumberTable behind the driver's pipe."""

    def __init__(self, binary: Path) -> None:
        self.judged: dict[int, list[tuple[int, bool]]] = {}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([str(binary)], stdin=pipe, stdout=pipe, text=True)

    def lines(self, command: str) -> Iterator[str]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        many = command.startswith("walk")
        while True:
            line = self.process.stdout.readline().strip()
            assert line, f"the driver died on {command!r}"
            if line == ".":
                return
            yield line
            if not many:
                return

    def ask(self, command: str) -> str:
        return next(self.lines(command))

    def new(self, spelling: str, limit: int = 500000) -> Table:
        self.ask(f"table {spelling} {limit}")
        return self

    def job(self, *constraints: str) -> int:
        ids = [self.ask(f"add {fields}") for fields in constraints]
        assert not any(answer.startswith("!") for answer in ids), ids
        return int(self.ask("job " + " ".join(ids)))

    def run(self, job: int, text: str) -> Walked:
        state, complete, live, sure, holds = map(int, self.ask(f"run {job} {text}").split())
        return Walked(state, bool(complete), live, sure, holds)

    def accepts(self, job: int, text: str) -> bool:
        return self.run(job, text).holds != 0

    def walk(self, job: int, depth: int, alphabet: str, judge: int = 0) -> dict[str, Walked]:
        """Every text that is not refused; `judged` gets (min_bytes, breaks) of the first constraints, by state."""
        found: dict[str, Walked] = {}
        self.judged.clear()
        for line in self.lines(f"walk {job} {depth} {alphabet} {judge}"):
            if line.startswith("#"):
                state, *answers = map(int, line[1:].split())
                self.judged[state] = [(answers[i], bool(answers[i + 1])) for i in range(0, len(answers), 2)]
                continue
            text, number, complete, live, sure, holds = line.split()
            found[text.replace("@", "")] = Walked(int(number), complete == "1", int(live), int(sure), int(holds))
        return found


@pytest.fixture(scope="module")
def table(binary: Path) -> Iterator[Table]:
    driver = Table(binary)
    yield driver
    assert driver.process.stdin is not None
    driver.process.stdin.close()
    driver.process.wait()


def exact(text: str) -> Fraction:
    return Fraction(Decimal(text))


def pydantic_digits(value: Decimal, max_digits: int | None, decimal_places: int | None) -> bool:
    """The rule of pydantic-core's decimal validator, on the normalised value (the raw one is never stricter)."""
    value = value.normalize()
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    count, places = len(digits), 0
    if exponent >= 0:
        count += exponent
    else:
        places = -exponent
        count = max(count, places)
    if max_digits is not None and count > max_digits:
        return False
    if decimal_places is not None and places > decimal_places:
        return False
    if max_digits is not None and decimal_places is not None:
        return count - places <= max(0, max_digits - decimal_places)
    return True


def satisfies(fields: str, text: str, spelling: str) -> bool:
    grammar = CANONICAL_NUMBER if spelling == "canonical" else JSON_NUMBER
    if not grammar.fullmatch(text):
        return False
    value = exact(text)
    for item in fields.split():
        name, _, given = item.partition("=")
        if name == "integer":
            if value.denominator != 1:
                return False
            if spelling == "canonical" and (not re.fullmatch(r"-?[0-9]+", text) or text == "-0"):
                return False
        elif name == "multiple_of":
            if any((value / exact(step)).denominator != 1 for step in given.split(",")):
                return False
        elif name == "max_digits":
            places = dict(part.partition("=")[::2] for part in fields.split()).get("decimal_places")
            if not pydantic_digits(Decimal(text), int(given), int(places) if places else None):
                return False
        elif name == "decimal_places":
            if not pydantic_digits(Decimal(text), None, int(given)):
                return False
        elif name == "values":
            assert spelling == "any"
            if value not in map(exact, given.split(",")):
                return False
        elif name == "finite":
            if abs(value) >= OVERFLOW:
                return False
        else:
            limit = exact(given)
            if not {"ge": value >= limit, "gt": value > limit, "le": value <= limit, "lt": value < limit}[name]:
                return False
    return True


def completions(found: dict[str, Walked], bit: int) -> dict[str, int]:
    """For every walked text the fewest further bytes to a walked text that holds."""
    least: dict[str, int] = {}
    for text, walked in found.items():
        if walked.holds & bit:
            for end in range(len(text) + 1):
                least[text[:end]] = min(least.get(text[:end], len(text)), len(text) - end)
    return least


def check_world(table: Table, constraints: list[str], spelling: str, depth: int, alphabet: str) -> None:
    """Every law, for every text up to `depth` bytes; an unconstrained number rides along so that none is refused."""
    table.new(spelling)
    job = table.job(*constraints, "")
    found = table.walk(job, depth, alphabet, len(constraints))
    judged = dict(table.judged)
    for index, fields in enumerate(constraints):
        bit = 1 << index
        least = completions(found, bit)
        for text, walked in found.items():
            where = (fields, spelling, text)
            assert bool(walked.holds & bit) == satisfies(fields, text, spelling), where
            live, sure = bool(walked.live & bit), bool(walked.sure & bit)
            if text in least:
                assert live, where
            shortest, breaks = judged[walked.state][index]
            assert live == (shortest != NO_COMPLETION), where
            assert sure == (live and not breaks), where
            if text in least:
                assert shortest <= least[text], where
            if len(text) + shortest <= depth and set(DIGITS) <= set(alphabet):
                assert shortest == least[text], where
        alone = table.walk(table.job(fields), min(depth, 4), alphabet)
        assert all(walked.live for walked in alone.values())
        expected = {text for text, walked in found.items() if len(text) <= min(depth, 4) and walked.live & bit}
        assert set(alone) == expected, (fields, spelling, set(alone) ^ expected)


WORLDS = [
    "integer ge=10 le=20",
    "integer ge=-3 lt=115",
    "integer gt=0",
    "integer multiple_of=7 ge=100 le=106",
    "integer multiple_of=7 ge=100 le=104",
    "integer multiple_of=15",
    "integer gt=0.5 lt=0.6",
    "ge=10 le=20",
    "gt=0",
    "gt=0 lt=1",
    "le=-0.25",
    "ge=0.5 lt=0.55",
    "multiple_of=0.01",
    "multiple_of=0.1 ge=0.3 le=0.4",
    "multiple_of=2.5",
    "multiple_of=3 gt=-10",
    "multiple_of=1e-7 lt=0",
    "multiple_of=40 le=100",
    "max_digits=2 decimal_places=1",
    "max_digits=3",
    "max_digits=2 decimal_places=2",
    "decimal_places=0 ge=-5",
    "finite",
    "",
]


@pytest.mark.parametrize("fields", WORLDS)
@pytest.mark.parametrize("spelling", ["canonical", "any"])
def test_every_short_text(table: Table, fields: str, spelling: str) -> None:
    check_world(table, [fields], spelling, 4, "01257.e-")


@pytest.mark.parametrize("fields", WORLDS)
def test_shortest_completions(table: Table, fields: str) -> None:
    for spelling in ("canonical", "any"):
        check_world(table, [fields], spelling, 3, FULL)


@pytest.mark.parametrize("fields", ["values=1,20,0.5", "values=-7", "values=0", "values=1e2,100.0,1e-3"])
def test_values_in_any_spelling(table: Table, fields: str) -> None:
    check_world(table, [fields], "any", 5, "01257.e-")


@pytest.mark.parametrize("seed", range(12))
def test_random_constraints(table: Table, seed: int) -> None:
    chance = random.Random(seed)

    def number(positive: bool) -> str:
        text = chance.choice(["{0}", "{0}", "{0}.{1}", "0.{1}", "{0}e{2}", "0.0{1}"])
        text = text.format(chance.randint(1, 130), chance.randint(1, 99), chance.randint(-2, 2))
        return text if positive or chance.random() < 0.7 else "-" + text

    def constraint() -> str:
        fields = []
        if chance.random() < 0.4:
            fields.append("integer")
        ends = sorted([number(False), number(False)], key=exact)
        if chance.random() < 0.5:
            fields.append(f"{chance.choice(['ge', 'gt'])}={ends[0]}")
        if chance.random() < 0.5:
            fields.append(f"{chance.choice(['le', 'lt'])}={ends[1]}")
        if chance.random() < 0.4:
            fields.append("multiple_of=" + chance.choice(["2", "3", "0.5", "0.03", "12", "2.5,3", "0.1"]))
        if chance.random() < 0.2:
            fields.append(f"max_digits={chance.randint(1, 3)}")
        if chance.random() < 0.2:
            fields.append(f"decimal_places={chance.randint(0, 2)}")
        return " ".join(fields)

    alphabet = "".join(sorted(chance.sample("123456789", 3))) + "0.e-"
    check_world(table, [constraint(), constraint()], chance.choice(["canonical", "any"]), 5, alphabet)


@pytest.mark.parametrize("seed", range(20))
def test_intersection_is_both(table: Table, seed: int) -> None:
    chance = random.Random(seed)
    pool = [fields for fields in WORLDS if fields]
    first, second = chance.sample(pool, 2)
    for spelling in ("canonical", "any"):
        table.new(spelling)
        ids = [table.ask(f"add {fields}") for fields in (first, second)]
        both = table.ask("both " + " ".join(ids))
        job = int(table.ask(f"job {both}"))
        accepted = {text for text, walked in table.walk(job, 4, "0125.e-").items() if walked.holds}
        separate = int(table.ask(f"job {ids[0]}"))
        expected = {
            text
            for text, walked in table.walk(separate, 4, "0125.e-").items()
            if walked.holds and satisfies(second, text, spelling)
        }
        assert accepted == expected, (first, second, spelling)
        if accepted:
            assert table.ask(f"sat {both}") == "1"


def test_unsatisfiable_constraints_have_no_start(table: Table) -> None:
    table.new("canonical")
    hopeless = ["integer gt=0.5 lt=0.6", "integer multiple_of=7 ge=100 le=104", "gt=1 lt=1", "max_digits=0"]
    for fields in [*hopeless, "values=0.5 integer"]:
        assert table.ask("sat " + table.ask(f"add {fields}")) == "0", fields
        assert table.run(table.job(fields), "").state == 0


def test_state_counts(table: Table) -> None:
    def reached(fields: str, alphabet: str, depth: int) -> int:
        table.new("canonical")
        table.walk(table.job(fields), depth, alphabet)
        return int(table.ask("states"))

    assert reached("", FULL, 5) <= 14
    assert reached("integer ge=0 le=1000000", "0123456789-", 5) <= 40
    assert reached("integer ge=-9223372036854775808 le=9223372036854775807", "9", 19) <= 40
    assert reached("ge=0 le=1", "0123456789.", 5) <= 40
    assert reached("finite", "0123456789.-", 5) <= 100
    table.new("canonical")
    job = table.job("finite")
    table.run(job, "0.1234567890123456789")
    before = int(table.ask("states"))
    table.run(job, "0.1234567890123456789" + "3" * 500)
    assert int(table.ask("states")) == before


def test_doubles_end_where_rounding_reaches_infinity(table: Table) -> None:
    for spelling in ("canonical", "any"):
        job = table.new(spelling).job("finite")
        for text in ("1.7976931348623157e308", "-1.7976931348623157e+308", str(OVERFLOW - 1), "0.0000001e315", "0e999"):
            assert table.accepts(job, text), text
        for text in ("1.7976931348623159e308", "1e309", str(OVERFLOW), "-" + str(OVERFLOW), "10e308"):
            assert not table.accepts(job, text), text


def test_exponents_far_away_in_any_spelling(table: Table) -> None:
    job = table.new("any").job("ge=1e300 le=1e301", "", "integer", "multiple_of=0.01")
    for text in ("1e300", "1e0000300", "0.01e302", "1000e+00297"):
        assert table.run(job, text).holds & 1, text
    assert table.run(job, "1e99999999999999999999999").holds == 0b1110
    assert table.run(job, "1e-99999999999999999999999").holds == 0b0010
    assert table.run(job, "0e-99999999999999999999999").holds == 0b1110


def test_integers_are_capped_at_what_python_reads(table: Table) -> None:
    job = table.new("canonical").job("integer")
    assert table.accepts(job, "1" * 4300)
    assert not table.accepts(job, "1" * 4301)
    bounded = table.job("integer le=1e4299")
    assert table.accepts(bounded, "1" + "0" * 4299)
    assert not table.accepts(bounded, "2" + "0" * 4299)


def test_big_bounds_are_exact(table: Table) -> None:
    low, high = 10**40 + 7, 10**40 + 19
    job = table.new("canonical").job(f"integer ge={low} le={high} multiple_of=11")
    accepted = [n for n in range(low - 5, high + 6) if table.accepts(job, str(n))]
    assert accepted == [n for n in range(low, high + 1) if n % 11 == 0]
    step = "123456789012345678901234567890.000000000123"
    job = table.job(f"multiple_of={step}")
    for factor in (0, 1, 2, 10**15, 12345678901234567890):
        assert table.accepts(job, spelled(step, factor))
        assert not table.accepts(job, spelled(step, factor) + "0000001")


def test_long_division(table: Table) -> None:
    chance = random.Random(3)
    table.new("canonical")
    for _ in range(60):
        limbs = chance.randint(2, 6)  # base 10^9, with the extreme limbs where a guessed quotient digit is too large
        step = chance.choice([1, 2, 5 * 10**8, 10**9 - 1, chance.randrange(1, 10**9)])
        for _ in range(limbs):
            step = step * 10**9 + chance.choice([0, 1, 10**9 - 1, 5 * 10**8, chance.randrange(10**9)])
        factor = chance.choice([10**9 - 1, 10**18 - 1, chance.randrange(10**40), 10**27])
        job = table.job(f"integer multiple_of={step}")
        assert table.accepts(job, str(step * factor)), (step, factor)
        for wrong in (1, -1, 10**9, step - 1):
            assert not table.accepts(job, str(step * factor + wrong)), (step, factor)


def test_the_end_of_a_large_multiple_is_found_by_arithmetic(table: Table) -> None:
    table.new("canonical", 1000)
    for fields, expected in (("integer multiple_of=1000003 gt=0", 7), (f"integer multiple_of={10**50 + 1} lt=0", 52)):
        job = table.job(fields)
        assert int(table.ask(f"least {table.run(job, '').state} 1")) == expected
    job = table.job("integer multiple_of=1000003 gt=0")
    assert int(table.ask(f"least {table.run(job, '2').state} 1")) == 6  # 2000006


def spelled(step: str, factor: int) -> str:
    value = exact(step) * factor
    scaled = value * 10**12
    assert scaled.denominator == 1
    digits = str(scaled.numerator).rjust(13, "0")
    return f"{digits[:-12]}.{digits[-12:]}"


def test_canonical_values(table: Table) -> None:
    table.new("canonical")

    def accepted(fields: str) -> set[str]:
        job = table.job(fields)
        return {text for text, walked in table.walk(job, 8, "0123456789.eE+-").items() if walked.holds}

    assert accepted("values=1,2.50,-3.0,30") == {"1", "2.5", "2.50", "-3", "-3.0", "30"}
    assert accepted("values=1.0,2.5 integer") == {"1"}
    assert accepted("values=1e-7") == {"1e-7", "1e-07"}  # and 0.0000001, nine bytes
    assert accepted("values=5,50,500 ge=40 lt=500") == {"50"}
    assert accepted("values=1e20") >= {"1e20", "1e+20"}


def test_canonical_values_intersect_with_the_rest(table: Table) -> None:
    table.new("canonical")
    listed, bounded, integer = (table.ask(f"add {f}") for f in ("values=1.0,2.5,4", "ge=2", "integer"))
    both = table.ask(f"both {listed} {bounded}")
    job = int(table.ask(f"job {both}"))
    assert {t for t, w in table.walk(job, 4, FULL).items() if w.holds} == {"2.5", "4"}
    job = int(table.ask("job " + table.ask(f"both {integer} {listed}")))
    assert {t for t, w in table.walk(job, 4, FULL).items() if w.holds} == {"1", "4"}


@pytest.mark.parametrize(
    ("max_digits", "decimal_places"), [(2, 2), (3, None), (None, 1), (4, 1), (1, 3), (2, 0), (1, None)]
)
def test_digit_counts_are_pydantics(table: Table, max_digits: int | None, decimal_places: int | None) -> None:
    adapter = TypeAdapter(Annotated[Decimal, Field(max_digits=max_digits, decimal_places=decimal_places)])
    fields = [f"max_digits={max_digits}"] if max_digits is not None else []
    fields += [f"decimal_places={decimal_places}"] if decimal_places is not None else []
    job = table.new("any").job(" ".join(fields), "")
    checked = 0
    for text, walked in table.walk(job, 5, "0127.e-").items():
        if not walked.complete or abs(exact(text)) >= OVERFLOW:  # Pydantic reads the number as a double first
            continue
        checked += 1
        try:
            adapter.validate_json(text)
        except ValidationError as error:
            assert "decimal" in error.errors()[0]["type"] or "finite" in error.errors()[0]["type"]
            assert not walked.holds & 1, text
        else:
            # Beyond a double's range Pydantic sees a rounded value; inside it the two must agree.
            assert walked.holds & 1 or abs(exact(text)) < Fraction(1, 10**300), text
    assert checked > 500


def test_limits_are_said(table: Table) -> None:
    table.new("canonical", 50)
    assert table.ask("add ge=1e999999").startswith("! power of ten")
    assert table.ask("add le=" + "1" * 20000).startswith("! digits of a number")
    assert table.ask("add max_digits=100000").startswith("! max_digits")
    assert table.ask("add multiple_of=0").startswith("! multiple_of must be positive")
    assert table.ask("add ge=ten").startswith("! not a decimal")
    job = table.job("integer")
    assert table.ask(f"run {job} {'1' * 200}").startswith("! states of the number automaton")


def test_every_dumped_number_is_canonical(table: Table) -> None:
    chance = random.Random(7)
    job = table.new("canonical").job("", "finite")
    adapter = TypeAdapter(float)
    for _ in range(300):
        value = chance.choice([chance.random(), chance.uniform(-1e18, 1e18), 10.0 ** chance.randint(-320, 308), -0.0])
        for text in (adapter.dump_json(value).decode(), json.dumps(value), repr(value)):
            assert table.run(job, text).holds == 0b11, text
