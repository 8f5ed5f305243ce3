"""typeloom: a type becomes a mask. Extract typed objects from text, classify, and give typed functions a local model as
their body; decoding is constrained so that what comes out is always a complete object of the type.

    import typeloom as tl

    m = tl.load()                       # the embedded model, or tl.load("model.gguf")
    invoice = m.extract(Invoice, text)  # an Invoice
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typeloom import testing
from typeloom.engine.constraint import Constraint, compile
from typeloom.engine.document import Document, Span
from typeloom.engine.matcher import Matcher
from typeloom.errors import (
    BudgetError,
    Cancelled,
    Error,
    GrammarError,
    LimitError,
    ModelError,
    SchemaError,
    TimeoutExpired,
    ValidationFailed,
    VocabularyError,
)
from typeloom.evaluation.run import Evaluation, evaluate
from typeloom.grammar import shipped as grammars
from typeloom.grammar.gbnf import Gbnf
from typeloom.grammar.lark import Lark
from typeloom.grammar.regular import Regex
from typeloom.llama.thinking import Think
from typeloom.pipelines.chunk import Chunks
from typeloom.pipelines.long import Chunked, chain
from typeloom.pipelines.merge import by
from typeloom.remote.model import RemoteModel, connect
from typeloom.schema.caps import Caps
from typeloom.schema.check import Report, check
from typeloom.schema.json_schema import JsonSchema
from typeloom.schema.verbatim import Verbatim
from typeloom.tasks.choose import Call
from typeloom.tasks.classifier import Classifier, Tagger
from typeloom.tasks.evidence import FieldEvidence
from typeloom.tasks.function import Function
from typeloom.tasks.model import Model, load
from typeloom.tasks.result import Decisions, Distribution, Result, Usage
from typeloom.tasks.stream import Partial, Stream
from typeloom.tasks.task import Task
from typeloom.view.page import to_html

if TYPE_CHECKING:
    from typeloom import llama
    from typeloom.llama.vocabulary import Vocabulary


def __getattr__(name: str) -> Any:
    """`Vocabulary` reads GGUF files with llama.cpp, whose package takes half a second to import, so on demand."""
    if name == "Vocabulary":
        from typeloom.llama.vocabulary import Vocabulary

        return Vocabulary
    if name == "llama":
        import importlib

        return importlib.import_module("typeloom.llama")
    raise AttributeError(f"module 'typeloom' has no attribute {name!r}")


__all__ = [
    "BudgetError",
    "Call",
    "Cancelled",
    "Caps",
    "Chunked",
    "Chunks",
    "Classifier",
    "Constraint",
    "Decisions",
    "Distribution",
    "Document",
    "Error",
    "Evaluation",
    "FieldEvidence",
    "Function",
    "Gbnf",
    "GrammarError",
    "JsonSchema",
    "Lark",
    "LimitError",
    "Matcher",
    "Model",
    "ModelError",
    "Partial",
    "Regex",
    "RemoteModel",
    "Report",
    "Result",
    "SchemaError",
    "Span",
    "Stream",
    "Tagger",
    "Task",
    "Think",
    "TimeoutExpired",
    "Usage",
    "ValidationFailed",
    "Verbatim",
    "Vocabulary",
    "VocabularyError",
    "by",
    "chain",
    "check",
    "compile",
    "connect",
    "evaluate",
    "grammars",
    "llama",
    "load",
    "testing",
    "to_html",
]
