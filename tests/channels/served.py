"""The office of the Slack tests on a port, and the tools called as Alex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.demo.quota import Limits
from app.demo.server import Running, serve
from tests.channels.office import NOW, SCOPES, SEARCHING, Office, context, little
from tests.demo.slack.team import sign_in
from tests.signing import LoopbackTransport
from tools.base import Finding, ToolContext
from tools.channels.actions_finding import ActionsFinding
from tools.channels.catchup_finding import CatchUpFinding
from tools.channels.search_finding import SearchedFinding
from tools.channels.thread_finding import ThreadFinding
from tools.slack_action_items import catch_up, read_thread, search_slack, slack_action_items


@dataclass
class Served:
    """The office on a port, and a context signed in as Alex."""

    office: Office
    running: Running
    context: ToolContext

    def act(self, **arguments: Any) -> ActionsFinding:
        found = slack_action_items.function(self.context, **arguments)
        assert isinstance(found, ActionsFinding)
        return found

    def catch_up(self, **arguments: Any) -> CatchUpFinding:
        found = catch_up.function(self.context, **arguments)
        assert isinstance(found, CatchUpFinding)
        return found

    def search(self, **arguments: Any) -> SearchedFinding:
        """Signed in with what a search asks for, and no more."""
        token = sign_in(self.running, *SEARCHING)["access_token"]
        found = search_slack.function(context(LoopbackTransport(self.running.origin, token)), **arguments)
        assert isinstance(found, SearchedFinding)
        return found

    def thread(self, channel: str, ts: str) -> ThreadFinding:
        found = read_thread.function(self.context, f"{self.office.where[channel]} {ts}")
        assert isinstance(found, ThreadFinding)
        return found


@contextmanager
def opened(path: Path, *scopes: str, seconds: Callable[[], float] = lambda: 1000.0) -> Iterator[Served]:
    """The office in a new file, signed in with these scopes (all that the node asks for, if none are given).

    `seconds` is the clock by which Slack counts calls.
    """
    office = little(path / "office.sqlite")
    with serve(office.workspace, limits=Limits(clock=seconds), clock=lambda: NOW.timestamp()) as running:
        token = sign_in(running, *(scopes or SCOPES))["access_token"]
        yield Served(office, running, context(LoopbackTransport(running.origin, token)))
    office.workspace.close()


def namer(finding: Finding) -> Any:
    """The handles a thread would give out; a ref that was not listed has none."""
    handles = {ref.id: f"message:{number}" for number, ref in enumerate(finding.refs(), 1)}
    return lambda ref: handles[ref.id]


def whole(finding: Finding) -> str:
    """Everything a finding says, so that each of its texts is made once."""
    name = namer(finding)
    assert {line.ref for line in finding.lines()} <= {None, *finding.refs()}
    assert finding.view(name)
    return f"{finding.lead(name)}\n{finding.text(name)}"
