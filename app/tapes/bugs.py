"""Errors that a model or a broker does not declare: told on the tape, and raised again in a replay under their name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.tapes.tape_error import Unexpected
from auth import errors
from auth.errors import AuthError
from auth.redaction import redacted


@dataclass(frozen=True)
class Raised:
    """`kind` is the name of the error, `what` the first line of what it says, without what looks like a token."""

    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"

    def again(self) -> Exception:
        """The error itself where auth declares it, else one that is called so and nothing more."""
        declared = getattr(errors, self.kind, None)
        if isinstance(declared, type) and issubclass(declared, AuthError):
            return declared(self.what)
        bare: Exception = type(self.kind, (Exception,), {})(self.what)
        return bare


def raised(error: Exception) -> Raised:
    return Raised(type(error).__name__, redacted(f"{error}\n".splitlines()[0]))


@contextmanager
def told(tell: Callable[[Raised, Exception], None]) -> Iterator[None]:
    """Tell of an error that is raised in here, and let it go on."""
    try:
        yield
    except Unexpected:  # a replay's own
        raise
    except Exception as error:
        tell(raised(error), error)
        raise
