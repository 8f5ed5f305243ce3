"""The engine seen from Python: Vocabulary, Constraint, Matcher; the only room that reaches the native core."""
