"""Types and schemas are read into Nodes: `types` (Pydantic) -> schema -> `json_schema` -> `node`."""
