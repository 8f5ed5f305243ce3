"""Classify support tickets in a scikit-learn pipeline: the model's label probabilities and typed fields beside words.

Needs `pip install 'typeloom[sklearn]'`. `LabelClassifier` alone is a classifier like any other: `fit` calibrates it.
In the pipeline, what the model reads out of a ticket stands beside a bag of words, and a logistic regression weighs
both.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder

import typeloom as tl
from typeloom.pipelines.sklearn import LabelClassifier, TypeExtractor

TICKETS = [
    ("My card was charged twice for the same month.", "payment"),
    ("The invoice shows 40 EUR, the shop said 30 EUR.", "payment"),
    ("When will you refund the cancelled order?", "payment"),
    ("I paid yesterday and the bill is still open.", "payment"),
    ("The tracking has said 'in transit' for three weeks.", "delivery"),
    ("My parcel went to the wrong street.", "delivery"),
    ("Two of the five boxes are missing.", "delivery"),
    ("The driver left the box in the rain.", "delivery"),
    ("I cannot log in, the reset mail never arrives.", "access"),
    ("My account is locked since this morning.", "access"),
    ("The second factor app shows no code.", "access"),
    ("How do I change the address I sign in with?", "access"),
]


class Signs(BaseModel):
    """What the pipeline is told about a ticket."""

    names_money: bool
    names_a_parcel: bool
    mood: Literal["calm", "angry"]


def main() -> None:
    texts = [text for text, _ in TICKETS]
    desks = [desk for _, desk in TICKETS]
    with tl.load() as model:
        alone = LabelClassifier(model=model)
        print("alone, accuracy by fold:", cross_val_score(alone, texts, desks, cv=4).round(2))
        alone.fit(texts, desks)
        for text, probs in zip(texts[::4], alone.predict_proba(texts[::4]), strict=True):
            shares = ", ".join(f"{desk} {p:.2f}" for desk, p in zip(alone.classes_, probs, strict=True))
            print(f"  {text}\n    {shares}")

        typed = make_pipeline(TypeExtractor(Signs, model=model), OneHotEncoder(handle_unknown="ignore"))
        both = make_pipeline(make_union(TfidfVectorizer(), typed), LogisticRegression())
        print("beside words, accuracy by fold:", cross_val_score(both, texts, desks, cv=4).round(2))


if __name__ == "__main__":
    main()
