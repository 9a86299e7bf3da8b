"""What is made ready before it is asked for: permission to read, for what surely follows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from socket import create_server

from app.ahead import leased_ahead
from auth.broker import Brokers
from auth.capability import Capability
from auth.gateway import Gateway
from auth.lease import Lease, Secret
from auth.need import Need, Unavailable
from auth.wire import Wire
from graphs.parts import Parts
from tests.small_graph import ECHO, Said, module, parts_of
from tools.base import Access, ToolContext, ToolNode, tool
from tools.write import Plan, write

READ = Access("mail", "mail.read", ("read",), ("GET mail.example/all",), "read your mail")
SEND = Access("mail", "mail.send", ("send",), ("POST mail.example/send",), "send mail")


@tool(access=READ)
def look(context: ToolContext) -> Said:
    """Look at the mail."""
    return Said(words="")


@write(access=SEND, look=READ, perform=lambda context, plan: None, find=lambda context, plan: None)  # type: ignore[arg-type,return-value]
def send(context: ToolContext) -> Plan:
    """Send mail."""
    raise AssertionError("never planned here")


class Post:
    """A broker that notes what it is asked for."""

    def __init__(self, answer: Lease | Need) -> None:
        self.answer, self.asked = answer, list[str]()

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        self.asked.append(f"{capability.name}, {capability.effect}{account and f', {account}'}")
        return self.answer

    def invalidate(self, lease: Lease) -> None:
        raise AssertionError("nothing was refused")

    def account(self, user: str, connection: str) -> str:
        return ""


@contextmanager
def parts(post: Post, origin: str = "http://127.0.0.1:1") -> Iterator[Parts]:
    made = parts_of([], [ECHO, module("looking", ToolNode("read", "Say it.", (look,)))])
    wire = Wire()
    gateway = Gateway(wire, made.audit, origins={"mail.example": origin})
    yield replace(made, broker=Brokers({"mail": post}), gateway=gateway)
    wire.close()


def test_only_what_is_read_over_a_connection_is_leased_and_once() -> None:
    post = Post(Unavailable("mail", "closed today"))
    with parts(post) as made, leased_ahead(made, ["look", "echo", "look", "no such tool"], {}):
        pass
    assert post.asked == ["mail.read, read"]


def test_the_account_that_is_named_is_leased_and_no_other() -> None:
    post = Post(Unavailable("mail", "closed today"))
    with parts(post) as made, leased_ahead(made, ["look"], {"mail": "home", "calendar": "work"}):
        pass
    assert post.asked == ["mail.read, read, home"]


def test_nothing_is_leased_where_nothing_is_foreseen() -> None:
    post = Post(Unavailable("mail", "closed today"))
    with parts(post) as made, leased_ahead(made, (), {}):
        pass
    assert post.asked == []


def test_a_connection_is_opened_and_nothing_said_over_it() -> None:
    secret = Secret("t")
    lease = Lease("local:test", "me", "mail.read", frozenset({"read"}), float("inf"), secret)
    with create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        with parts(Post(lease), f"http://127.0.0.1:{server.getsockname()[1]}") as made:
            with leased_ahead(made, ["look"], {}):
                peer, _ = server.accept()
            made.gateway.wire.close()
            with peer:
                peer.settimeout(20)
                assert peer.recv(1) == b"", "closed in the end, and not a byte before"
