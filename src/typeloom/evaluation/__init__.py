"""How well a model does what it is asked: suites of texts with their truth, ways to ask, numbers, diagrams."""
