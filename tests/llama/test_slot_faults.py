"""Slots when something goes wrong in the middle: an exception, nothing unmasked, and the model as usable as before."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.laws.annotations import types
from tests.laws.compiled import compiled
from tests.laws.test_budgets import PREFERRED, TYPES, preferences
from tests.laws.vocabularies import Tokens, tokens
from tests.laws.walks import Dice, dice
from tests.llama.interrupting import interrupt
from tests.llama.test_decode import Played
from tests.llama.test_slots import row_after

import typeloom as tl
from typeloom import _core
from typeloom.errors import Error, LimitError
from typeloom.llama.decode import Evidence, Sampling, generate, watched
from typeloom.llama.model import LlamaModel
from typeloom.llama.slots import Job, Request, generate_many, run


@pytest.fixture(scope="module")
def wide(tiny_path: Path) -> Iterator[LlamaModel]:
    with LlamaModel.load(tiny_path, n_ctx=256, n_threads=1, slots=3) as model:
        yield model


def texts(model: LlamaModel, n: int = 4) -> list[tuple[int, ...]]:
    found = list(generate_many(model, [Request([97, 98 + number], None, 12) for number in range(n)]))
    assert not any(isinstance(one, Error) for one in found)
    return [one.tokens for one in found if not isinstance(one, Error)]


def endless(model: LlamaModel, fails_at: int) -> _core.TokenConstraint:
    """A constraint of Python that raises after so many tokens; before that it allows three of them."""
    taken = 0

    def take(token: int) -> bool:
        nonlocal taken
        taken += 1
        if taken == fails_at:
            raise OSError("broken")
        return True

    return _core.CallbackConstraint(len(model.vocab), lambda: [100, 101, 102], take, lambda: False)


@pytest.mark.parametrize("fails_at", [1, 5])
def test_a_callback_that_raises_comes_out_and_the_model_goes_on(wide: LlamaModel, fails_at: int) -> None:
    expected = texts(wide)
    requests = [Request([97], None, 30), Request([98], endless(wide, fails_at), 30), Request([99], None, 30)]
    with pytest.raises(OSError, match="broken"):
        list(generate_many(wide, requests))
    assert texts(wide) == expected


def test_a_listener_that_raises_comes_out_and_the_model_goes_on(wide: LlamaModel) -> None:
    expected = texts(wide)

    def deaf(piece: bytes) -> None:
        raise OSError("deaf")

    listening = watched(wide, tl.compile(list[int], wide.vocab).start(tl.Caps()).core, deaf)
    with pytest.raises(OSError, match="deaf"):
        list(generate_many(wide, [Request([97], None, 30), Request([98], listening, 30)]))
    assert texts(wide) == expected


def test_steps_that_raise_come_out_and_the_model_goes_on(wide: LlamaModel) -> None:
    expected = texts(wide)

    def steps() -> Any:
        yield Request([97], None, 3)
        raise ZeroDivisionError

    def plain() -> Any:
        return (yield Request([98], None, 30))

    with pytest.raises(ZeroDivisionError):
        list(run(wide, [Job(plain()), Job(steps()), Job(plain())]))
    assert texts(wide) == expected


def test_steps_may_answer_an_error(wide: LlamaModel) -> None:
    def steps() -> Any:
        try:
            yield Request([97] * 300, None, 3)  # more than the context
        except LimitError:
            found = yield Request([97], None, 3)
        return len(found.tokens)

    def none() -> Any:
        return 0
        yield

    assert list(run(wide, [Job(steps()), Job(none()), Job(steps())])) == [3, 0, 3]


def test_an_empty_mask_is_the_error_of_one(wide: LlamaModel) -> None:
    nothing = _core.CallbackConstraint(len(wide.vocab), list, lambda token: True, lambda: False)
    found = list(generate_many(wide, [Request([97], None, 9), Request([98], nothing, 9), Request([99], None, 9)]))
    assert [isinstance(one, Error) for one in found] == [False, True, False]
    assert "no token of the vocabulary may follow" in str(found[1])


def test_a_full_memory_is_a_limit_and_can_be_tried_again() -> None:
    played = Played(row_after, 7, 3)
    together = _core.Slots(played.decoder)
    for number in range(3):
        source = Sampling().random_source()
        together.add(number, [number, 3], None, 9, Sampling().native(), Evidence.NONE, source, None)
    played.status = 1  # llama.h: no room in the memory for the batch
    with pytest.raises(LimitError, match="no room for"):
        together.run()
    played.status = 0
    found = {}
    while len(together):
        found.update((one.id, one.result().tokens) for one in together.run())
    for number in range(3):
        assert found[number] == Played(row_after, 7).generate([number, 3], 9, Sampling())


def test_a_killed_thread_leaves_the_model_to_others(wide: LlamaModel) -> None:
    """An exception out of nowhere, as a killed thread gets: after the answer that it waits for."""
    expected = texts(wide)
    began = threading.Event()
    ended: list[type[BaseException]] = []

    def work() -> None:
        try:
            while True:
                for _ in generate_many(wide, [Request([97, n], None, 60) for n in range(6)]):
                    began.set()
        except BaseException as error:
            ended.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    assert began.wait(60)
    assert thread.ident is not None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
    thread.join(60)
    assert not thread.is_alive() and ended == [SystemExit]
    assert texts(wide) == expected


INTERRUPTED = """
import sys
import typeloom as tl
model = tl.load(sys.argv[1], n_ctx=1024, n_threads=1, slots=3)
task = model.task(list[int], max_tokens=800)
expected = model.extract(bool, "hello")
print("ready", flush=True)
try:
    while True:
        task.map(["hello", "world", "again", "hello world"])
except KeyboardInterrupt:
    assert model.extract(bool, "hello") == expected
    assert model.task(bool).map(["hello"] * 4) == [expected] * 4
    print("interrupted", flush=True)
"""


def test_control_c_in_the_middle_of_a_map(tiny_path: Path) -> None:
    interrupt(INTERRUPTED, str(tiny_path))


@settings(max_examples=max(1, TYPES // 3), suppress_health_check=list(HealthCheck), deadline=None)
@given(types(), tokens(300), dice(), st.integers(1, 4), st.integers(0, 40))
def test_whatever_a_model_prefers_all_slots_finish_inside_their_budgets(
    typed: Any, pieces: Tokens, random: Dice, slots: int, extra: int
) -> None:
    constraint = compiled(typed.annotation, pieces.vocabulary())
    try:
        least = constraint.min_tokens
    except LimitError:
        return
    wishes = [preferences(pieces, name, random).tolist() for name in (*PREFERRED, "the end")]
    n_tokens = len(pieces.pieces)
    budgets = [least + random.choice([0, 1, extra]) for _ in wishes]
    caps = random.choice([None, tl.Caps(), tl.Caps(items=3, characters=5, digits=3, repeats=1)])

    def started(number: int) -> tuple[Any, ...]:
        return (constraint.start(caps).core, budgets[number], Sampling().native(), Evidence.NONE)

    def played(slots: int) -> Played:
        context = max(budgets) + 2
        return Played(lambda held: wishes[held[0]], n_tokens, slots, context, pieces.end_ids)

    model = played(slots)
    together = _core.Slots(model.decoder)
    found: dict[int, _core.GenerationResult] = {}
    number = 0
    while len(found) < len(wishes):
        while number < len(wishes) and not together.is_full:
            together.add(number, [number], *started(number), Sampling().random_source(), None)
            number += 1
        found.update((one.id, one.result()) for one in together.run())
    for number, result in found.items():
        text = b"".join(pieces.pieces[token] for token in result.tokens)
        assert result.complete and len(result.tokens) <= budgets[number] and constraint.accepts(text)
        single = played(1)  # held: its functions are called
        alone = single.decoder.generate(0, [number], *started(number), Sampling().random_source(), None)
        assert alone.tokens == result.tokens


def test_alone_is_usable_after_all_of_it(wide: LlamaModel) -> None:
    assert len(generate(wide, [97], max_tokens=5).tokens) == 5
