def demands(reader, schema, scope):
    return []
