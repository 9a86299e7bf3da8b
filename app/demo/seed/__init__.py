"""The made-up company that a fresh demo workspace holds: what to call is here, the material in app/demo/data."""

from app.demo.seed.planting import SeedTally, fresh, seed

__all__ = ["SeedTally", "fresh", "seed"]
