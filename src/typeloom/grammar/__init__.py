"""Grammars beyond JSON: regular expressions, Lark and GBNF, read into one context-free form."""
