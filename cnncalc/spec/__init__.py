"""The spec language: from the bytes of a YAML file to a Graph."""
