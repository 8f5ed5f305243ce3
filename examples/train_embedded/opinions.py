"""Sentences of which twenty people said how good or bad they sound, as texts to classify.

Tweets, and sentences out of reviews of films and of products and out of editorials: the ground truth that comes with
VADER (Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text", ICWSM 2014;
MIT licence, the source package vaderSentiment on PyPI).  The mean of the ratings goes from -4 to 4.  ``learn`` writes them to
``work/opinions.json``:

    python opinions.py
"""

from __future__ import annotations

import html
import json
import re
from functools import cache

from fetching import fetched
from topics import FEW
from values import WORK, Source, quoted

FILE = WORK / "opinions.json"
PACKAGE = "https://files.pythonhosted.org/packages/77/8c/4a48c10a50f750ae565e341e697d74a38075a3e43ff0df6f1ab72e186902/vaderSentiment-3.3.2.tar.gz"
SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz!hutto_ICWSM_2014/"
SOURCES = {"tweets": "tweets", "films": "movieReviewSnippets", "products": "amazonReviewSnippets", "editorials": "nytEditorialSnippets"}

Turn = tuple[str, str]

CLEAR, HARDLY = 1.1, 0.3
"""What is rated at least so far from 0 says something good or bad; at most so far, neither."""
SCALES: list[tuple[str, list[list[tuple[str, str]]]]] = [
    ("two", [
        [("positive", "it sounds good|happy, pleased or praising"), ("negative", "it sounds bad|unhappy, angry or critical")],
        [("good", "praise or good news|the writer likes it"), ("bad", "criticism or bad news|the writer does not like it")],
        [("favourable", "speaks well of it"), ("unfavourable", "speaks ill of it")],
        [("happy", "in a good mood|content"), ("unhappy", "in a bad mood|annoyed or sad")],
        [("praise", "what is liked about it"), ("criticism", "what is disliked about it|complaints")],
        [("thumbs up", "a nice thing to hear"), ("thumbs down", "not a nice thing to hear")],
        [("likes it", "content with it"), ("dislikes it", "not content with it")],
        [("optimistic", "hopeful or glad"), ("pessimistic", "without hope or sad")],
    ]),
    ("three", [
        [("positive", "it sounds good|pleased"), ("neutral", "neither good nor bad|states a fact without feeling"), ("negative", "it sounds bad|displeased")],
        [("good", "praise, joy, success"), ("mixed or none", "no opinion to be seen"), ("bad", "blame, anger, failure")],
        [("happy", "glad about something"), ("indifferent", "no feeling in it"), ("unhappy", "sorry or cross about something")],
        [("pro", "in favour"), ("factual", "only reports"), ("contra", "against")],
        [("favourable", "kind words"), ("unclear", "cannot be told"), ("unfavourable", "harsh words")],
    ]),
    ("four", [
        [("very positive", "delighted, full of praise"), ("positive", "good, but not excited"), ("negative", "bad, but not terrible"), ("very negative", "terrible, full of anger")],
        [("excellent", "could hardly sound better"), ("fine", "rather good"), ("poor", "rather bad"), ("awful", "could hardly sound worse")],
    ]),
]  # fmt: skip
BANDS: dict[str, list[tuple[float, float]]] = {
    "two": [(CLEAR, 4.0), (-4.0, -CLEAR)],
    "three": [(CLEAR, 4.0), (-HARDLY, HARDLY), (-4.0, -CLEAR)],
    "four": [(2.4, 4.0), (0.7, 1.7), (-1.7, -0.7), (-4.0, -2.1)],
}
"""From which to which rating each label of a scale goes; what lies between is not asked about."""
ASKS = ["What does the writer feel?", "Sentiment of the text", "How does it sound?", "Judge the tone.", "Is it meant well?", "Opinion of the author"]
ORIGINS: dict[str, list[tuple[str, str]]] = {
    "tweets": [("tweet", "a short private message to everybody|what somebody does or thinks just now"), ("social media", "posts of private people"), ("chatter", "small talk online")],
    "films": [("film review", "a critic on a film|how a film is judged"), ("movies", "about films, actors and directors"), ("cinema", "somebody has seen a film")],
    "products": [("product review", "a buyer on a device|what a customer says about a thing that was bought"), ("shopping", "experience with something bought"), ("gadgets", "about cameras, phones, players and the like")],
    "editorials": [("editorial", "a newspaper on public affairs|comment on politics and society"), ("politics", "government, law, nations, cities"), ("newspaper", "an article for the public")],
}  # fmt: skip


def learn() -> None:
    """Write ``work/opinions.json``: for each sentence where it is from, its rating and its words."""
    folder = fetched(PACKAGE, SHA256, {f"{INNER}{name}_GroundTruth.txt": f"{source}.txt" for source, name in SOURCES.items()})
    kept: list[tuple[str, float, str]] = []
    for source in SOURCES:
        for line in (folder / f"{source}.txt").read_text(encoding="utf-8", errors="replace").splitlines():
            _, rating, text = line.split("\t", 2)
            text = re.sub(r"\s+", " ", html.unescape(text).replace("''", '"')).strip()
            if 12 <= len(text) <= 260 and "�" not in text and "http" not in text:
                kept.append((source, round(float(rating), 3), text))
    FILE.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


@cache
def opinions() -> list[tuple[str, float, str]]:
    return [tuple(one) for one in json.loads(FILE.read_text(encoding="utf-8"))]


@cache
def band(low: float, high: float) -> list[str]:
    return [text for _, rating, text in opinions() if low <= rating <= high]


@cache
def origin(source: str) -> list[str]:
    return [text for one, _, text in opinions() if one == source]


def sample(s: Source) -> tuple[list[Turn], list[Turn], str]:
    """Labels with descriptions, several texts with their answers, and an instruction, perhaps empty."""
    described = s.chance(0.6)
    spelled = s.any([str, str, str.title, str.upper, lambda t: t.replace(" ", "_")])
    if s.chance(0.25):
        names = s.r.sample(list(ORIGINS), s.any([2, 3, 4]))
        labels = [s.any(ORIGINS[name]) for name in names]
        stocks = [origin(name) for name in names]
        ask = ""
    else:
        scale, wordings = s.any(SCALES)
        labels = list(s.any(wordings))
        stocks = [band(*ends) for ends in BANDS[scale]]
        ask = s.any(ASKS) if s.chance(0.4) else ""
        if s.chance(0.5):
            order = s.r.sample(range(len(labels)), len(labels))
            labels, stocks = [labels[i] for i in order], [stocks[i] for i in order]
    meaningless = described and s.chance(0.15)
    called = ["abcd"[i] if meaningless else spelled(name) for i, (name, _) in enumerate(labels)]
    turns: list[Turn] = []
    for _ in range(s.r.randint(3, FEW)):
        at = s.r.randrange(len(labels))
        turns.append((s.pick(stocks[at]), quoted(called[at])))
    return [(name, s.any(note.split("|")) if described else "") for name, (_, note) in zip(called, labels, strict=True)], turns, ask


if __name__ == "__main__":
    learn()
