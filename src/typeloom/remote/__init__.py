"""Models behind an HTTP interface in OpenAI's form (llama-server, vLLM, llama-cpp-python's server): `connect`."""
