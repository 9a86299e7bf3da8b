"""The offline planner: a deterministic chat model."""
