"""Starts the LangGraph server for Studio and its kin. Law: on this machine alone, at the port that was asked for.

The server would silently take another port where this one is in use, and a client would talk to whoever has it.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from app.setting_rows import SettingsError
from app.settings import load
from app.storage_error import StorageError
from app.studio.keys import BadName, Keys, checked
from app.studio.people import KEYS
from app.wiring import local_user

HOST = "127.0.0.1"
STUDIO = "https://smith.langchain.com/studio/?baseUrl="


def main() -> int:
    """`python -m app.studio.start [--port N] [--config FILE]`, or `--key NAME` for one more person's key."""
    given = _arguments()
    try:
        keys = Keys(load(cwd=Path.cwd()).home / KEYS)
        if given.key is not None:
            sys.stdout.write(f"{keys.issue(checked(given.key))}\n")
            return 0
        if free(given.port):
            _serve(keys, given.port, given.config)
    except (BadName, SettingsError, StorageError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stderr.write(f"Port {given.port} is in use. End what runs there, or choose another: `make studio PORT=…`.\n")
    return 1


def _serve(keys: Keys, port: int, config: str) -> NoReturn:
    origin = f"http://{HOST}:{port}"
    sys.stdout.write(f"Server  {origin}\nStudio  {STUDIO}{origin}\nKey     {keys.issue(local_user())}\n")
    sys.stdout.write("Send the key as x-api-key, or as Authorization: Bearer. It replaces the one before it.\n")
    sys.stdout.flush()
    serving = ["--host", HOST, "--port", str(port), "--no-browser", "--no-reload", "--n-jobs-per-worker", "4"]
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--config", config, *serving]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m app.studio.start")
    asked.add_argument("--port", type=_port, default=2024)
    asked.add_argument("--config", default="langgraph.json")
    asked.add_argument("--key", metavar="NAME")
    return asked.parse_args()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 1 to 65535.")
    return int(text)


def free(port: int) -> bool:
    """Whether a server can have this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
