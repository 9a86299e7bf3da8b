"""Several requests under way over TLS: whatever a handshake leaves unread, each answer belongs to its request."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auth.cut import Cut
from auth.wire import Wire
from tests.auth.test_cut import certificate
from tests.loopback import PATIENCE, whole

PATHS = ("/1", "/2", "/3")


def test_each_gets_its_own_answer_over_new_and_over_kept_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))  # the system's roots, as OpenSSL finds them
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(len(PATHS)) as pool:
        wire, origin = Wire(), f"https://localhost:{listener.getsockname()[1]}"
        served = [pool.submit(_serve, listener, serving) for _ in PATHS]
        for _ in range(2):
            sent = {path: wire.begin("GET", origin + path, body=None, headers={}, cut=Cut()) for path in PATHS}
            while sent:
                first = wire.soonest(list(sent.values()))
                path = next(path for path, one in sent.items() if one is first)
                assert sent.pop(path).answer().body.decode() == path
        wire.close()
        assert sorted(path for one in served for path in one.result(PATIENCE)) == sorted(PATHS * 2)


def _serve(listener: socket.socket, context: ssl.SSLContext) -> list[str]:
    """Answer on one connection with the path that was asked for, until it is closed."""
    paths: list[str] = []
    sock, _ = listener.accept()
    with context.wrap_socket(sock, server_side=True) as line, line.makefile("rb") as stream:
        while words := stream.readline().decode().split():
            while stream.readline().strip():
                pass
            paths.append(words[1])
            line.sendall(whole(200, words[1].encode()))
    return paths
