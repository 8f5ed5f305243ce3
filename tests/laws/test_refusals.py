"""Law: refusing is the exception. The other laws drop refused examples; here no type of the pools may be refused."""

from __future__ import annotations

from hypothesis import given

import typeloom as tl
from laws.annotations import SCALARS, Typed, types
from laws.vocabularies import bytes_only

BYTES = bytes_only()


def test_no_scalar_is_refused() -> None:
    refused = []
    for typed in SCALARS:
        try:
            tl.compile(typed.annotation, BYTES.vocabulary())
        except tl.Error as refusal:
            refused.append((typed, refusal))
    assert not refused


@given(types())
def test_no_composition_is_refused(typed: Typed) -> None:
    tl.compile(typed.annotation, BYTES.vocabulary())
    tl.check(typed.annotation)
