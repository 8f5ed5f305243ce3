"""Some fifty kinds of documents, each smaller than the first ten: what a schema may ask for is as wide as life."""

from kinds import Kind, care, culture, living, notices, office, payments, society, study, technical, transport

KINDS: list[Kind] = [kind for module in (care, transport, payments, office, notices, culture, technical, study, living, society) for kind in module.KINDS]
