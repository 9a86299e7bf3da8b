"""A process that has loaded the program and nothing else, and forks for each `valet ask` and `valet brief`.

Law: nothing of a person is loaded before the fork. The process on standby never reads what it is sent; the child does.
"""
