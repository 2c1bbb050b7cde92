"""What can be asked of a record beside what it says of itself, each declared once: its route, its answer's shape."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, get_type_hints

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.api.fields import of_hint, plainly
from portfolio.api.inputs import Says, input_of


class Question:
    """One question, named by the attribute it is given to: `gate = question(gate.ahead)`.

    The function is asked with the record, and with who asks where it takes `by`; asking changes nothing. Its docstring
    is what the schema says, its annotation what is answered. What else it takes is asked for in the address, in the
    form that `said` gives it.
    """

    def __init__(self, ask: Callable[..., Any], said: Says | None = None) -> None:
        self.ask, self.said = ask, said
        self.by_whom = "by" in signature(ask).parameters

    def __set_name__(self, room: Any, name: str) -> None:
        """Become a method of the view set, which answers a route under the question's name."""
        given = input_of(self.said, self.ask, room.model, room.__module__, whole=False)

        def answer(view: Any, request: Request, pk: str) -> Response:
            thing, asking = view.thing(pk), {"by": view.by} if self.by_whom else {}
            said = view.given(given, said=request.query_params.dict()) if given else {}
            return Response(plainly(self.ask(thing, **said, **asking)))

        made: Any = answer
        made.__name__, made.__doc__, made.asks = name, self.ask.__doc__, tuple(given().fields) if given else ()
        shape = of_hint(get_type_hints(self.ask)["return"])
        routed = action(detail=True, methods=["get"], pagination_class=None)(made)
        setattr(room, name, extend_schema(responses=shape, parameters=[given] if given else [])(routed))


question = Question
