"""Packages with texts in them, fetched once and checked."""

from __future__ import annotations

import hashlib
import io
import tarfile
import urllib.request
import zipfile
from pathlib import Path

from values import WORK


def fetched(address: str, sha256: str, members: dict[str, str]) -> Path:
    """The folder in ``work/`` that holds the members of a packed package, by the names they are to have.

    Raises ValueError if the package is another one than was learnt from.
    """
    folder = WORK / Path(address).name.removesuffix(".tgz").removesuffix(".tar.gz").removesuffix(".whl")
    if not all((folder / name).exists() for name in members.values()):
        with urllib.request.urlopen(address, timeout=300) as answer:
            package = answer.read()
        if hashlib.sha256(package).hexdigest() != sha256:
            raise ValueError(f"{address} has another SHA-256 than {sha256}")
        folder.mkdir(parents=True, exist_ok=True)
        for member, name in members.items():
            (folder / name).write_bytes(unpacked(package, member.split("!")))
    return folder


def unpacked(package: bytes, path: list[str]) -> bytes:
    """A member of a tar archive or of a wheel; ``a.tar.gz!b`` is a member of a member."""
    if zipfile.is_zipfile(io.BytesIO(package)):
        with zipfile.ZipFile(io.BytesIO(package)) as wheel:
            return wheel.read(path[0])
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        member = archive.extractfile(path[0])
        assert member
        found = member.read()
    return unpacked(found, path[1:]) if path[1:] else found


__all__ = ["fetched"]
