"""From one call to a data set: jobs over files, long documents, and adapters for the tools that hold the data."""
