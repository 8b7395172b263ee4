"""The page /docs: the operations as a person reads them, made of the same list as the OpenAPI document."""

from html import escape

from catalog_tui.core.words import _, language
from catalog_tui.server.openapi import parameters
from catalog_tui.server.operations import OPERATIONS, Operation


def docs_page() -> str:
    """The HTML."""
    inner = "".join(map(_section, OPERATIONS))
    also = _("The same for programs: {link}").format(link='<a href="/openapi.json">/openapi.json</a>')
    return (
        f'<!doctype html><html lang="{language().replace("_", "-")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>catalog-tui: HTTP API</title>'
        f'<link rel="stylesheet" href="/static/docs.css"></head><body><main><h1>HTTP API</h1><p>{also}</p>{inner}'
        "</main></body></html>"
    )


def _section(operation: Operation) -> str:
    given = operation.gives if isinstance(operation.gives, str) else (operation.gives.__doc__ or "")
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{_('needed') if parameter['required'] else ''}</td>"
        f"<td>{escape(_of_schema(parameter['schema']))}</td><td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in (parameters(operation.query) if operation.query is not None else ())
    )
    table = f"<table>{rows}</table>" if rows else ""
    return (
        f"<section><h2><b>{operation.method.upper()}</b> <code>{escape(operation.path)}</code></h2>"
        f"<p>{escape(operation.summary)}. {escape(given)}</p>{table}</section>"
    )


def _of_schema(schema: dict[str, object]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"])) if isinstance(schema["enum"], list) else ""
    bounds = [f"{sign} {schema[key]}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in schema]
    usual = [_("usual: {value}").format(value=schema["default"])] if schema.get("default") not in (None, "") else []
    return ", ".join([str(schema.get("type", "")), *bounds, *usual])
