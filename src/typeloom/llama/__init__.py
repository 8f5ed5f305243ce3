"""llama.cpp as the runtime: loading a GGUF, its vocabulary, its chat template, and the decode loop. Only here is it
imported."""
