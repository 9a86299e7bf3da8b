"""What the demo workspace refuses to keep, said so that the next action is clear."""


class WorkspaceError(Exception):
    """The workspace file or something added to it is not usable; the text says what, and what to do."""
