"""Makes methods of both clients out of functions that build calls."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

from arabic_search_client.calls import Call

P = ParamSpec("P")
T = TypeVar("T")


class Sender:
    """Base class of the client that waits for the answer."""

    def send(self, call: Call[T]) -> T:
        """Send a request and return the content of the answer."""
        raise NotImplementedError


class AsyncSender:
    """Base class of the client whose methods are awaited."""

    async def send(self, call: Call[T]) -> T:
        """Send a request and return the content of the answer."""
        raise NotImplementedError


class Method(Generic[P, T]):
    """A method of both clients with the parameters of the function that builds its call.

    That of a `Sender` returns what the call returns, that of an `AsyncSender` an awaitable of it. So each operation,
    its types and its documentation are written once.
    """

    def __init__(self, build: Callable[P, Call[T]]) -> None:
        self.build = build
        self.__doc__ = build.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...

    @overload
    def __get__(self, client: Sender, owner: type) -> Callable[P, T]: ...

    @overload
    def __get__(self, client: AsyncSender, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, client: Sender | AsyncSender | None, owner: type) -> Any:
        if client is None:
            return self

        @wraps(self.build)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return client.send(self.build(*args, **kwargs))

        return method
