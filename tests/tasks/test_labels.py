"""Labels of hierarchies, and of the sources that are none."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

import typeloom as tl
from typeloom.tasks.labels import labels, position, with_none

TREE = {
    "device": {"screen": "cracked or dark", "power": ["battery", "charger"]},
    "account": "sign in",
    "other": [" x "],
}


class Part(Enum):
    SCREEN = ("device", "screen")
    BATTERY = ("device", "power", "battery")
    ACCOUNT = "account"


def test_the_labels_of_a_hierarchy_are_its_leaves() -> None:
    found = labels(TREE)
    assert [(label.name, label.description) for label in found] == [
        ("device / screen", "cracked or dark"),
        ("device / power / battery", ""),
        ("device / power / charger", ""),
        ("account", "sign in"),
        ("other /  x ", ""),
    ]
    assert all(label.value == label.path for label in found)


def test_an_enum_of_paths_is_a_hierarchy_of_its_members() -> None:
    found = labels(Part)
    assert [label.name for label in found] == ["device / screen", "device / power / battery", "account"]
    assert [label.value for label in found] == list(Part)
    assert found[1].path == ("device", "power", "battery")


def nested(depth: int) -> Any:
    source: Any = ["leaf"]
    for _ in range(depth):
        source = {"group": source}
    return source


@pytest.mark.parametrize(
    "source",
    [
        {"a": {}},
        {"a": []},
        {"a": {"b": 3}},
        {"a": [1]},
        {"a": {" ": "x"}},
        {"a": {"b": ""}, "a / b": "", "c": ["d"]},
        {"a": {7: ""}},
        nested(40),
        nested(5000),
    ],
)
def test_a_hierarchy_that_cannot_be_read_is_refused(source: Any) -> None:
    with pytest.raises(tl.SchemaError):
        labels(source)


def test_a_label_is_found_by_value_then_by_name() -> None:
    found = labels(TREE)
    assert position(found, ("device", "screen"), "here") == 0
    assert position(found, "device / screen", "here") == 0
    with pytest.raises(tl.SchemaError, match="text 4: 'screen' is none of the labels: device / screen, "):
        position(found, "screen", "text 4")


def test_none_of_the_above_is_added_once() -> None:
    more = with_none(labels(["a"]))
    assert [label.value for label in more] == ["a", None]
    with pytest.raises(tl.SchemaError, match="leave one of the two out"):
        with_none(more)
