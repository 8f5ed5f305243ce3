"""Law: refusing is the exception. The other laws drop examples that are refused; here it is counted that they are few."""

from __future__ import annotations

from hypothesis import given
from laws.annotations import SCALARS, Typed, types
from laws.vocabularies import bytes_only

import typeloom as tl

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
