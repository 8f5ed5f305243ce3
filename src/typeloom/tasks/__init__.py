"""What a user asks of a model: extract, classify, functions and tasks; `prompt` writes the words, `runtime` decodes."""
