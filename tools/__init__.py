"""Tool nodes: one file, one node. Knows nothing of auth, graphs or models."""
