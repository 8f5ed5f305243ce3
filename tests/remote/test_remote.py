"""A model behind a server: what is sent, what is refused of what comes back, and a real server on loopback."""

from __future__ import annotations

import json
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from enum import Enum
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, PositiveInt

import typeloom as tl


class Person(BaseModel):
    name: Annotated[str, Field(max_length=5)]
    age: PositiveInt


class Kind(Enum):
    BUG = "bug"
    QUESTION = "question"


class Scripted:
    """A server on loopback that gives the answers it was told to give, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[tuple[str, Any, str | None]] = []
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.give(200, json.dumps({"data": [{"id": "the-model"}]}).encode())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                scripted.asked.append((self.path, body, self.headers["Authorization"]))
                self.give(*scripted.answers.pop(0))

            def give(self, status: int, data: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: Any) -> None:
                """Nothing."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def says(self, content: str, finish: str = "stop") -> None:
        choice = {"message": {"role": "assistant", "content": content}, "finish_reason": finish}
        usage = {"prompt_tokens": 7, "completion_tokens": 5}
        self.answers.append((200, json.dumps({"choices": [choice], "usage": usage}).encode()))


@pytest.fixture
def server() -> Iterator[Scripted]:
    made = Scripted()
    yield made
    made.http.shutdown()
    made.http.server_close()


def test_extract_sends_the_type_and_validates_the_answer(server: Scripted) -> None:
    model = tl.connect(server.url, api_key="k", seed=3)
    server.says('{ "age": 3, "name": "Ada" }')
    result = model.extract(Person, "Ada is 3.", detail=True, max_tokens=50, instructions="Who?")
    assert result.value == Person(name="Ada", age=3)
    assert (result.usage.prompt_tokens, result.usage.completion_tokens) == (7, 5)
    ((path, body, key),) = server.asked
    assert (path, key) == ("/v1/chat/completions", "Bearer k")
    assert body["model"] == "the-model" and body["max_tokens"] == 50 and body["seed"] == 3
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["schema"] == Person.model_json_schema()
    assert body["messages"][-1]["content"].count("Ada is 3.") == 1 and "Who?" in body["messages"][-1]["content"]


def test_every_verb_that_needs_no_probabilities(server: Scripted) -> None:
    model = tl.connect(f"{server.url}/v1/", model="m", form="json_object")

    @model.fn
    def age(text: str) -> PositiveInt:
        """How old?"""

    server.says("3")
    assert age("Ada is 3.") == 3
    assert server.asked[0][1]["response_format"]["type"] == "json_object"
    server.says("[1]")
    assert model.task(list[int]).map(["one"]) == [[1]]
    server.says('"question"')
    assert model.classify("why?", Kind) is Kind.QUESTION
    assert server.asked[-1][1]["response_format"]["schema"]["enum"] == ["bug", "question"]
    server.says("ab")
    assert model.extract(tl.Gbnf('root ::= "a" "b"'), "text") == "ab"
    assert server.asked[-1][1]["grammar"] == 'root ::= "a" "b"'
    server.says('{"b":1,"a":1.50}')
    schema = tl.JsonSchema({"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]})
    assert model.extract(schema, "text") == {"b": 1, "a": 1.5}
    again = pickle.loads(pickle.dumps(model))
    server.says("true")
    assert again.extract(bool, "yes") is True


@pytest.mark.parametrize(
    ("source", "content"),
    [
        (Person, '{"name": "Ada"}'),
        (Person, '{"name": "Adelaide", "age": 3}'),
        (Person, "Sure! Here is the JSON"),
        (tl.JsonSchema({"type": "integer", "maximum": 3}), "4"),
        (tl.Gbnf('root ::= "a"'), "b"),
        (Annotated[str, tl.Verbatim()], '"not there"'),
    ],
)
def test_what_is_no_value_of_the_type_is_refused(server: Scripted, source: Any, content: str) -> None:
    server.says(content)
    with pytest.raises(tl.ValidationFailed):
        tl.connect(server.url).extract(source, "The text.")


def test_a_quotation_of_the_text_is_taken(server: Scripted) -> None:
    server.says('"The text"')
    assert tl.connect(server.url).extract(Annotated[str, tl.Verbatim()], "The text.") == "The text"


def test_failures_say_what_to_do(server: Scripted) -> None:
    model = tl.connect(server.url, retries=0)
    server.says('{"name": "A', "length")
    with pytest.raises(tl.BudgetError, match="raise max_tokens"):
        model.extract(Person, "text")
    server.says('"other"')
    with pytest.raises(tl.ValidationFailed, match="one of the labels"):
        model.classify("why?", Kind)
    for status, data in ((200, b"{}"), (200, b"[]"), (200, b"\xff"), (400, b'{"error": "bad schema"}')):
        server.answers.append((status, data))
        with pytest.raises(tl.ModelError, match="bad schema" if status == 400 else "expected a"):
            model.extract(Person, "text")
    with pytest.raises(tl.ModelError, match="probability"):
        model.classify("why?", Kind, detail=True)
    with pytest.raises(tl.ModelError, match="probability"):
        model.classifier(Kind).probs(["why?"])
    with pytest.raises(tl.SchemaError, match=r"tl\.Gbnf"):
        model.extract(tl.Regex("a+"), "text")
    for url in ("localhost:80", "ftp://x", ""):
        with pytest.raises(tl.ModelError, match="URL"):
            tl.connect(url)
    with pytest.raises(tl.ModelError, match="form"):
        tl.connect(server.url, form="xml")  # type: ignore[arg-type]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(tl.ModelError, match="cannot be reached"):
        tl.connect(nobody, retries=0).extract(Person, "text")


def test_a_busy_server_is_asked_again(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("typeloom.remote.server.time.sleep", waits.append)
    server.answers += [(503, b"loading"), (429, b"slow down")]
    server.says("true")
    assert tl.connect(server.url, retries=2).extract(bool, "yes") is True
    assert waits == [0.25, 0.5]
    assert server.asked[0] == server.asked[1] == server.asked[2]


def test_a_call_has_its_timeout_and_can_be_cancelled(server: Scripted) -> None:
    from typeloom.llama.decode import Interrupt

    cancelled = Interrupt()
    cancelled.cancel()
    with pytest.raises(tl.Cancelled):
        tl.connect(server.url, model="m").result(bool, "yes", interrupt=cancelled)
    assert not server.asked
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(tl.TimeoutExpired, match=r"0\.05 s"):
            tl.Task(bool, model=tl.connect(address, model="m"), timeout=0.05).run("yes")
    server.answers += [(503, b"loading")]
    with pytest.raises(tl.TimeoutExpired):
        tl.connect(server.url, model="m", retries=9).extract(bool, "yes", timeout=0.2)


def test_the_coroutines_ask_the_server_too(server: Scripted) -> None:
    import asyncio

    server.says("true")
    assert asyncio.run(tl.connect(server.url).aio.extract(bool, "yes")) is True


def test_options_that_only_a_local_model_can_keep_are_refused(server: Scripted) -> None:
    model = tl.connect(server.url)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"repetition_penalty": 1.1}, "penalty acts on the structure"),
        ({"think": tl.Think()}, "leave think out"),
        ({"caps": tl.Caps(items=3)}, "knows nothing of caps"),
    ]
    for options, message in wrong:
        with pytest.raises(tl.ModelError, match=message):
            model.extract(Person, "Ada is 3.", **options)
    assert server.asked == []
    server.says("3")
    server.says("no")
    found = model.task(PositiveInt).map(["a", "", "b"], on_error="return")
    assert found[0] == 3 and all(isinstance(one, tl.Error) for one in found[1:])


def test_check_lists_what_is_lost() -> None:
    report = tl.connect("http://localhost:1").check(Person)
    assert tl.check(Person).exact and not report.exact
    assert {note.subject for note in report.notes} >= {"budget", "caps", "evidence", "labels"}
    assert "left to the server" in str(report)


def test_a_real_server(tmp_path: Any) -> None:
    """llama-cpp-python's server with the embedded model."""
    pytest.importorskip("llama_cpp.server.app")
    try:
        from typeloom import embedded

        path = embedded.path()
    except (ImportError, FileNotFoundError) as error:
        pytest.skip(f"the embedded model: {error}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(path), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--n_threads", "1", "--n_ctx", "1024"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            if process.poll() is not None:
                pytest.fail((tmp_path / "log").read_text(errors="replace")[-2000:])
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        model = tl.connect(url, form="json_object")
        person = model.extract(Person, "Ada is 3 years old.", max_tokens=200)
        assert isinstance(person, Person)
        assert model.classify("The program crashes.", Kind) in Kind
        grammar = tl.Gbnf('root ::= "yes" | "no"')
        assert model.extract(grammar, "Is it so?") in ("yes", "no")
    finally:
        process.terminate()
        process.wait()
