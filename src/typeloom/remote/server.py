"""One HTTP server: JSON out, JSON in, over the standard library.

Refused connections and the statuses that mean "later" (429, 500, 502, 503, 504) are tried again, each time after twice
the wait; every other answer but 200 is an error at once. What is sent is not changed between tries.
"""

from __future__ import annotations

import http.client
import json
import math
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from typeloom.errors import LimitError, ModelError, TimeoutExpired

_LATER = (429, 500, 502, 503, 504)
_FIRST_WAIT = 0.25
_LEAST = 0.001  # a socket takes no timeout of 0
MAX_ANSWER = 64 * 2**20
"""Bytes of an answer."""


@dataclass(frozen=True)
class Server:
    """Where to ask. url: with or without `/v1`. timeout: seconds without a byte. retries: tries after the first.

    Raises ModelError for a URL that is not http or https.
    """

    url: str
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 600.0
    retries: int = 3

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ModelError(f"expected the URL of a server, as in http://localhost:8080, got {self.url!r}")

    def ask(self, path: str, body: Mapping[str, Any] | None = None, *, seconds: float | None = None) -> dict[str, Any]:
        """The JSON object that the server answers to a POST of `body`, or to a GET where it is None.

        seconds: that it may take with all tries; None is no limit but `timeout`. Raises TimeoutExpired when they are
        over, ModelError if the server cannot be reached or answers anything else.
        """
        end = math.inf if seconds is None else time.monotonic() + seconds
        base = self.url.rstrip("/")
        address = f"{base if base.endswith('/v1') else base + '/v1'}{path}"
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.api_key is not None:
            headers["Authorization"] = f"Bearer {self.api_key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, headers)
        wait = _FIRST_WAIT
        for left in range(self.retries, -1, -1):
            try:
                return self._answer(request, min(self.timeout, max(end - time.monotonic(), _LEAST)))
            except urllib.error.HTTPError as error:
                _in_time(end, seconds)
                if error.code not in _LATER or not left:
                    raise ModelError(f"{address} answered {error.code} {error.reason}: {_reason(error)}") from error
            except (OSError, http.client.HTTPException) as error:
                _in_time(end, seconds)
                if not left:
                    raise ModelError(f"{address} cannot be reached: {error}; is the server running there?") from error
            time.sleep(min(wait, max(end - time.monotonic(), 0.0)))
            _in_time(end, seconds)
            wait *= 2
        raise ModelError(f"expected retries of 0 or more, got {self.retries}")

    def _answer(self, request: urllib.request.Request, timeout: float) -> dict[str, Any]:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            data = answer.read(MAX_ANSWER + 1)
        if len(data) > MAX_ANSWER:
            raise LimitError(
                f"expected an answer of at most {MAX_ANSWER} bytes from {request.full_url}, got more",
                limit="MAX_ANSWER",
                value=len(data),
            )
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ModelError(f"expected a JSON object from {request.full_url}, got {data[:200]!r}")
        return found


def _in_time(end: float, seconds: float | None) -> None:
    if seconds is not None and time.monotonic() >= end:
        raise TimeoutExpired(f"the server took longer than the timeout of {seconds} s", seconds=seconds)


def _reason(error: urllib.error.HTTPError) -> str:
    """What the server says of an error, on one line."""
    try:
        text = error.read(2000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    return " ".join(text.split())[:500]
