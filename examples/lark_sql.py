"""SQL from a question: a Lark grammar holds the query to the tables that there are, so that it always runs.

Whether it is the query that was meant is the model's affair, and the embedded one is small: load a larger one.
"""

from __future__ import annotations

import sqlite3

import typeloom as tl

ORDERS = [("Ada", "Oslo", "chair", 12), ("Ben", "Lima", "desk", 2), ("Cleo", "Oslo", "lamp", 40)]
QUERY = tl.Lark(
    """
    start: "SELECT " columns " FROM orders WHERE " condition (" AND " condition)?
    columns: COLUMN | "COUNT(*)"
    condition: "city = " CITY | "article = " ARTICLE | "quantity" COMPARISON NUMBER
    COLUMN: "customer" | "city" | "article" | "quantity"
    CITY: "'Oslo'" | "'Lima'"
    ARTICLE: "'chair'" | "'desk'" | "'lamp'"
    COMPARISON: " = " | " > " | " < "
    NUMBER: /0|[1-9][0-9]{0,2}/
    """
)
QUESTIONS = ["How many orders came from Oslo?", "Which customer bought a desk in Lima?"]
EXAMPLES = [
    ("How many chairs were bought in Lima?", "SELECT COUNT(*) FROM orders WHERE city = 'Lima' AND article = 'chair'"),
    ("Which article was bought in Oslo?", "SELECT article FROM orders WHERE city = 'Oslo'"),
]


def main() -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE orders (customer, city, article, quantity)")
    database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ORDERS)
    with tl.load() as model:
        for question in QUESTIONS:
            query = model.extract(QUERY, question, examples=EXAMPLES)
            print(question, "\n ", query, "\n ", database.execute(query).fetchall())
    print(QUERY.parse(query).pretty())


if __name__ == "__main__":
    main()
