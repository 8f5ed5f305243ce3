"""`_core.pyi` names what the native engine has: every class, member and function, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import typeloom
from typeloom import _core

STUB = ast.parse(Path(typeloom.__file__).with_name("_core.pyi").read_text(encoding="utf-8"))


def public(names: object) -> set[str]:
    return {name for name in dir(names) if not name.startswith("_")}


def test_the_stub_names_what_the_module_holds() -> None:
    said = {node.name for node in STUB.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    assert said == public(_core)


def test_the_stub_names_the_members_of_each_class() -> None:
    for node in STUB.body:
        if not isinstance(node, ast.ClassDef):
            continue
        said = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
        assigned = [one.targets[0] for one in node.body if isinstance(one, ast.Assign)]
        said |= {target.id for target in assigned if isinstance(target, ast.Name)}
        native = getattr(_core, node.name)
        inherited = set().union(*(public(base) for base in native.__mro__[1:]))
        assert {name for name in said if not name.startswith("_")} == public(native) - inherited, node.name
