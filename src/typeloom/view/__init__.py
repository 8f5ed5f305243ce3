"""Results shown to people: one self-contained page of documents, what was read from them, and where it stands."""
