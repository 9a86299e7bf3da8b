"""Loads what a request needs of the program, and builds what depends on code alone.

Law: no thread, no connection, no file of a person's. What is loaded here and not used costs memory once, for all.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator

OURS = ("app", "graphs", "tools", "auth")
ELSEWHERE = (
    "app.demo.importing", "app.studio", "app.standby", "app.tapes", "tools.documents.parsing",
)  # fmt: skip
"""Loaded by other commands, or in processes of their own."""
LATE = (
    "anyio._backends._asyncio", "cryptography.hazmat.primitives.ciphers.aead", "ctypes", "dateutil.parser",
    "dateutil.rrule", "email.generator", "email.policy", "encodings.ascii", "encodings.cp1252", "encodings.idna",
    "getpass", "googleapiclient.discovery", "googleapiclient.discovery_cache", "googleapiclient.http", "httpcore",
    "httpcore2", "icalendar", "jiter", "langchain_core.language_models.chat_models",
    "langchain_core.messages.block_translators.langchain_v0", "langchain_core.tools",
    "langchain_core.tracers.run_collector", "langchain_core.tracers.stdout", "langchain_openai", "mailparser_reply",
    "pint", "selectolax.lexbor", "slack_sdk.web", "tzdata.zoneinfo", "tzlocal", "urllib3.connectionpool",
    "uvicorn.lifespan.off", "uvicorn.protocols.http.h11_impl",
)  # fmt: skip
"""What our modules load inside functions, because a command that does not need it would wait for it."""


def load() -> None:
    """Everything; then it is set aside, so that children share the memory it stands in.

    Raises DeclarationError where a tool node is declared wrongly.
    """
    for name in modules():
        importlib.import_module(name)
    for name in LATE:
        _load_library(name)
    from app.program import program

    for ready in _of_tools("ready"):
        ready()
    program().learn()
    gc.collect()
    gc.freeze()


def rehearse() -> None:
    """Go once through what requests go through, so that the memory this writes to is a process's own."""
    from app.program import program

    for rehearsed in _of_tools("rehearsed"):
        rehearsed()
    program().rehearse()


def _of_tools(name: str) -> list[Callable[[], object]]:
    """What every module of the tools has by that name: `ready` where there is something to make, for one."""
    loaded = [module for path, module in sorted(sys.modules.items()) if path.startswith("tools.")]
    return [found for module in loaded if callable(found := getattr(module, name, None))]


def _load_library(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return  # other releases of a library are cut otherwise; then the child loads what it needs


def modules() -> Iterator[str]:
    """The modules of the program."""
    for folder in OURS:
        yield folder
        package = importlib.import_module(folder)
        yield from _below(package.__path__, f"{folder}.")


def _below(path: Iterable[str], prefix: str) -> Iterator[str]:
    for module in pkgutil.iter_modules(path, prefix):
        if module.name in ELSEWHERE:
            continue
        yield module.name
        if module.ispkg:
            yield from _below(importlib.import_module(module.name).__path__, f"{module.name}.")
