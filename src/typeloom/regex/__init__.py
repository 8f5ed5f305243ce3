"""Regular expressions: every dialect is read into the one algebra of `expr`, formats are written in it."""
