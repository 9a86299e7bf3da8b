"""What an error means for the person: known families in words, anything else as a bug with its trace in a file.

Law: cheap to import; a family is looked up among what is loaded, because what was never loaded was never raised.
"""

# pathlib would cost the prompt 8 ms:
# ruff: noqa: PTH103, PTH118, PTH123

from __future__ import annotations

import os
import sys

BUG, USAGE, FAILED = 1, 2, 4

KNOWN = (
    ("app.setting_rows", "SettingsError", USAGE),
    ("app.demo.workspace_error", "WorkspaceError", USAGE),
    ("app.demo.faults", "FaultError", USAGE),
    ("tools.errors", "DeclarationError", USAGE),
    ("app.storage", "StorageError", FAILED),
    ("auth.local.vault_error", "VaultError", FAILED),
    ("graphs.errors", "ModelFailed", FAILED),
    ("app.locks", "Busy", FAILED),
    ("app.tapes.tape_error", "TapeError", USAGE),
)


NEXT = {"WorkspaceError": "`valet demo list` shows the workspaces; `valet demo reset` makes one anew."}


class Trouble:
    """`what` happened, what to do `next`, and the exit code where it ends the program."""

    __slots__ = ("code", "next", "what")

    def __init__(self, what: str, next: str, code: int) -> None:  # noqa: A002 - the house word for the next action
        self.what, self.next, self.code = what, next, code


def explained(error: Exception, home: str) -> Trouble:
    """The trouble behind an error. A bug's trace goes to a private file below `home`, else into the words."""
    for module, name, code in KNOWN:
        family = getattr(sys.modules.get(module), name, None)
        if family is not None and isinstance(error, family):
            what, _, rest = str(error).partition("\n")
            following = rest.strip().removeprefix("fix: ") or NEXT.get(name, "")
            return Trouble(getattr(error, "what", what), getattr(error, "next", following), code)
    told = f"{type(error).__name__}: {error}".splitlines()[0]
    return Trouble(f"This is a bug in Valet, not yours ({told}).", _trace(error, home), BUG)


def _trace(error: Exception, home: str) -> str:
    import time
    import traceback

    from auth.redaction import redacted

    text = redacted("".join(traceback.format_exception(error)))
    folder = os.path.join(home, "bugs")
    path = os.path.join(folder, time.strftime("%Y%m%d-%H%M%S.txt"))
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as kept:
            kept.write(text)
    except OSError:
        return f"Please report it, with these lines:\n{text}"
    return f"Please report it, with what is in {path}"
