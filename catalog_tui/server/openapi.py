"""The OpenAPI document, made of the types that the answers are made of."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from catalog_tui import __version__
from catalog_tui.server import shapes
from catalog_tui.server.operations import COMMON, Operation

REFERENCE: Final = "#/components/schemas/{name}"


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these operations."""
    kinds: set[type[msgspec.Struct]] = {shapes.Problem}
    for operation in operations:
        kinds.update(kind for kind in (operation.gives, operation.body) if isinstance(kind, type))
    types = sorted(kinds, key=lambda kind: kind.__name__)
    _schemas, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "catalog-tui", "version": __version__, "description": (shapes.__doc__ or "").strip()},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def parameters(query: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """The parameters of a query type."""
    _schema, components = msgspec.json.schema_components([query], ref_template=REFERENCE)
    schema: Mapping[str, Any] = components[query.__name__]
    found = []
    for name, of_field in schema["properties"].items():
        told = dict(of_field)
        described = {"description": told.pop("description")} if "description" in told else {}
        required = name in schema.get("required", ())
        found.append({"name": name, "in": "query", "required": required, "schema": told, **described})
    return found


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.method}_{operation.path.strip('/').split('{')[0].strip('/').replace('/', '_')}",
        "responses": {
            str(operation.success): _answer(operation.gives),
            **({"204": {"description": operation.nothing}} if operation.nothing else {}),
            **{str(status): _problem(status) for status in sorted({*COMMON, *operation.statuses})},
        },
    }
    in_path = [_path_parameter(name) for name in re.findall(r"{(\w+)}", operation.path)]
    if in_path or operation.query is not None:
        told["parameters"] = [*in_path, *(parameters(operation.query) if operation.query is not None else ())]
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": _json(operation.body)}
    return told


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _answer(gives: type[msgspec.Struct] | str) -> dict[str, Any]:
    if isinstance(gives, str):
        return {"description": "The bytes", "content": {gives: {}}}
    return {"description": (gives.__doc__ or "").strip(), "content": _json(gives)}


def _problem(status: int) -> dict[str, Any]:
    del status
    return {"description": (shapes.Problem.__doc__ or "").strip(), "content": _json(shapes.Problem)}


def _json(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REFERENCE.format(name=kind.__name__)}}}
