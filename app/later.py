"""Puts off what libraries load and one run of Valet does not use: half of what LangGraph's import costs.

Law: nothing is replaced. A package put off is itself, and runs when anything is first asked of it.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import RLock
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any
else:
    from _thread import RLock

    ModuleType = type(sys)

PUT_OFF = frozenset({"langsmith.types", "langgraph_sdk"})
"""Packages of which others import a submodule, and which import hundreds of modules of their own for it."""
LEFT_OUT = frozenset({"httpx._main"})
"""The command line of httpx, which it does without where its extra is not installed."""

LOADER = "__put_off__"

_lock = RLock()


class Later(ModuleType):
    """A module that has not run yet."""

    def __getattr__(self, name: str) -> Any:
        with _lock:  # another thread waits until all of it stands
            loader = self.__dict__.pop(LOADER, None)
            if loader is not None:
                self._run(loader)
            elif type(self) is Later:  # asked by itself, while it runs
                raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} yet", name=name, obj=self)
        return getattr(self, name)

    def _run(self, loader: Any) -> None:
        try:
            loader.exec_module(self)
        except BaseException:
            self.__dict__[LOADER] = loader  # whoever asks next is told the same
            raise
        self.__class__ = ModuleType  # type: ignore[assignment]  # what it is from now on


class _Loader:
    """Makes the module and leaves it at that."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        found: ModuleType | None = self._inner.create_module(spec)
        return found

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__[LOADER] = self._inner
        module.__class__ = Later

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Finder:
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name in LEFT_OUT:
            raise ModuleNotFoundError(f"{name} is left out", name=name)
        if name not in PUT_OFF:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = _Loader(spec.loader)  # type: ignore[assignment]  # it passes on all but one call
                return spec
        return None


def put_off() -> None:
    """From now on, for the whole process."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
