"""Numbers, units and days: reading what a person wrote, and exact answers. Support of arithmetic."""
