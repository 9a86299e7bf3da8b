"""What can go wrong in a tool, in families by reader: person and model read ToolError, developers DeclarationError.

ToolError                 what happened, and what to do next; becomes a ToolMessage
├── BadArgument           the call cannot be carried out as it stands; propose it differently
│   ├── Outdated          the thing is not as it was read (HTTP 412)
│   └── Taken             the id is in use already (HTTP 409)
├── NotFound              the thing is not there (any more)
├── AccessRefused         the service refuses this permission
│   └── ScopeMissing      because it lacks a scope: more must be granted
├── RateLimited           the service asks us to wait
├── ServiceDown           no answer, a broken answer, or the service's own failure
│   └── Unanswered        it was sent, and no answer came: it may come about yet
└── Unreadable            an answer or a file that cannot be understood
DeclarationError          a tool node declared wrongly: file, line, fix; refused at start
"""

from __future__ import annotations


class ToolError(Exception):
    """A failed call. `what` happened and what to do `next`; both are shown to the person and the model."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


class BadArgument(ToolError):
    """The call cannot be carried out as it stands."""


class Outdated(BadArgument):
    """The thing has changed since it was read, and the request named what was read (HTTP 412)."""


class Taken(BadArgument):
    """Something has this id already (HTTP 409): perhaps by an earlier attempt of the same write."""


class NotFound(ToolError):
    """The thing is not there, or not there any more."""


class AccessRefused(ToolError):
    """The service refused the permission the call came with (HTTP 401 or 403)."""


class ScopeMissing(AccessRefused):
    """The permission lacks a scope that this needs (Google's insufficientPermissions, Slack's missing_scope)."""


class RateLimited(ToolError):
    """The service asks us to wait. `seconds` is its Retry-After, None where it named none."""

    def __init__(self, what: str, next: str, seconds: float | None = None) -> None:  # noqa: A002
        super().__init__(what, next)
        self.seconds = seconds


class ServiceDown(ToolError):
    """The service gave no answer, a broken answer, or failed by its own account (HTTP 5xx)."""


class Unanswered(ServiceDown):
    """The request went out and no whole answer came back: the service may be at work on it yet."""


def no_answer(service: str, error: OSError, next: str = "Try again in a minute.") -> ServiceDown:  # noqa: A002
    """The failure of a request that broke off; a connection that was refused carried nothing."""
    kind = ServiceDown if isinstance(error, ConnectionRefusedError) else Unanswered
    return kind(f"{service} did not answer: {error}.", next)


def failed_there(service: str, status: int, next: str = "Try again in a few minutes.") -> ServiceDown:  # noqa: A002
    """The failure that an HTTP 5xx tells of; with 502 and 504 a server between us gave up waiting."""
    if status in (502, 504):
        return Unanswered(f"{service} did not answer in time (HTTP {status}).", next)
    return ServiceDown(f"{service} failed on its side (HTTP {status}).", next)


class Unreadable(ToolError):
    """The answer or file arrived, and cannot be understood."""


class DeclarationError(Exception):
    """A tool node is declared wrongly. The text names the file, the line and the fix."""

    def __init__(self, file: str, line: int, problem: str, fix: str) -> None:
        super().__init__(f"{file}:{line}: {problem}\n  fix: {fix}")
        self.file = file
        self.line = line
