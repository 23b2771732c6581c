"""Rooms that are entered when the first word is for them: most starts hear a few kinds of words."""

import asyncio
import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any


class Later:
    """Stands for a module of async functions; the first call of one imports it, off the loop."""

    def __init__(self, module: str) -> None:
        self._name = module
        self._module: ModuleType | None = None

    def __getattr__(self, function: str) -> Callable[..., Awaitable[Any]]:
        """The function of that name; whether there is one tells only the call."""

        async def call(*arguments: Any, **named: Any) -> Any:
            if self._module is None:
                self._module = await asyncio.to_thread(importlib.import_module, self._name)
            return await getattr(self._module, function)(*arguments, **named)

        return call


def load_all(package: str) -> None:
    """Import everything in a package, for who stays and has time before the first word. Blocking."""
    found = importlib.import_module(package)
    for module in pkgutil.walk_packages(found.__path__, f"{package}."):
        importlib.import_module(module.name)
