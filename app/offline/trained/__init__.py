"""A small linear model of how requests are worded: what is asked for, and which words fill which argument.

Law: it is counted from `examples/` alone; the same examples give the same weights on every machine.
"""
