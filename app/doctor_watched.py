"""What `valet doctor` says of the Slack channels that are watched: whether the person is in each of them.

Law: Slack is asked only where a list is set and an account is linked, under the permission to read it; what is read are
the names of conversations, nothing that was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.demo.workspace_error import WorkspaceError
from app.settings import Settings
from app.storage_error import StorageError
from app.vault_opening import vault_file
from auth.errors import AuthError
from auth.lease import Lease
from auth.local.vault_error import VaultError
from auth.local.vault_file import about
from auth.need import Connect, Need, told
from auth.wire import Cut
from tools.channels.watching import Watch
from tools.errors import DeclarationError, ToolError

if TYPE_CHECKING:
    from app.doctor import Check
    from app.wiring import Accounts

SETTING = "VALET_SLACK_WATCH"


def watched(settings: Settings, user: str) -> Iterator[Check]:
    """A check for the list, and one for each name in it that fits nothing; none where no list is set."""
    from app.doctor import Check

    if not settings.watched:
        return
    names = ", ".join(settings.watched)
    try:
        found = _looked_for(settings, user)
    except (VaultError, WorkspaceError, StorageError, DeclarationError, ToolError, AuthError) as error:
        yield Check("watched", "note", f"{names}: {error}", "Then run `valet doctor` again.")
        return
    if isinstance(found, Connect):
        yield Check("watched", "ok", f"{names}: looked for once Slack is linked.")
    elif isinstance(found, Watch):
        yield from _told(settings, found)
    else:
        what, following = told(found)
        yield Check("watched", "note", f"{names}: {what}", following)


def _told(settings: Settings, watch: Watch) -> Iterator[Check]:
    from app.doctor import Check

    place = settings.origins[SETTING]
    if watch.channels:
        yield Check("watched", "ok", f"{', '.join(f'#{channel.name}' for channel in watch.channels)} ({place}).")
    for unknown in watch.unknown:
        yield Check("watched", "note", unknown, f"{SETTING} comes from {place}; change it there.")


def _looked_for(settings: Settings, user: str) -> Watch | Need:
    """Raises what opening the accounts, and asking Slack, raise."""
    from app.wiring import opened_accounts

    if about(vault_file(settings)) is None:
        return Connect("slack", frozenset(), "")
    with opened_accounts(settings, user) as accounts:
        return _asked(settings, accounts)


def _asked(settings: Settings, accounts: Accounts) -> Watch | Need:
    from graphs.access import capability_of
    from tools.base import ToolContext
    from tools.channels.access import READ
    from tools.channels.around import look_for

    capability = capability_of(READ, "read")
    lease = accounts.brokers.lease(accounts.user, "", capability)
    if not isinstance(lease, Lease):
        return lease
    cut = Cut()
    try:
        transport = accounts.gateway.open(lease, capability, cut=cut, renew=lambda dead: None)
        now = datetime.now(UTC).astimezone(settings.zone)
        context = ToolContext(transport, now, settings.zone, lease.account, lambda *_: None, watched=settings.watched)
        return look_for(context)
    finally:
        cut.make()
