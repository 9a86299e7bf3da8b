"""What the demo workspace refuses to keep, said so that the next action is clear."""


class WorkspaceError(Exception):
    """The workspace file or something added to it is not usable; the text says what, and what to do."""


class WorkspaceOutdated(WorkspaceError):
    """The file was made by an older version. `made_up`: all in it was seeded, and nobody changed it since."""

    def __init__(self, text: str, *, made_up: bool) -> None:
        super().__init__(text)
        self.made_up = made_up
