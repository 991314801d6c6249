"""Every step, told to a program: the description of the interface, complete and translated."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI

from novator.api.v1.errors import ErrorAnswer

Described = dict[str, Any]

_SPOKEN = ("summary", "description", "title")
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
_SHARED = ("order", "limit", "offset", "lang")
_REFUSALS = {
    "400": gettext_noop("The request cannot be read: broken UTF-8, a NUL character."),
    "422": gettext_noop("A parameter is unknown or its value cannot be accepted."),
    "500": gettext_noop("Something broke on our side."),
    "503": gettext_noop("Not available at the moment; Retry-After says when to ask again."),
}
_NOT_FOUND = gettext_noop("There is no such entry, or no such city.")
_READABLE = r"^[^\u0000]*$"
_UNCHANGED = gettext_noop("Unchanged since the answer with the ETag that If-None-Match names.")
_HEADERS = {
    "ETag": gettext_noop("Changes when the answer does; send it back as If-None-Match."),
    "Link": gettext_noop("Licence of the data (rel=license)."),
    "Content-Language": gettext_noop("Language of the texts."),
}


def openapi(interface: NinjaAPI) -> Described:
    """Describe all routes by OpenAPI 3.1 in the language of the current reader."""
    described: Described = dict(interface.get_openapi_schema(path_prefix="/api/v1/"))
    described["servers"] = [{"url": "/"}]
    schemas = described["components"]["schemas"]
    errors = ErrorAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(errors.pop("$defs"))
    schemas["ErrorAnswer"] = errors
    for path, operations in described["paths"].items():
        for operation in operations.values():
            names = {each["name"] for each in operation["parameters"]}
            _complete(operation, is_about_one="{" in path or "city" in names)
    spoken: Described = _translated(described)
    return spoken


def _complete(operation: Described, *, is_about_one: bool) -> None:
    parameters = sorted(operation["parameters"], key=_place)
    operation["parameters"] = [_without_null(each) for each in parameters]
    responses = {str(status): said for status, said in operation["responses"].items()}
    responses["200"]["headers"] = {
        name: {"description": said, "schema": {"type": "string"}} for name, said in _HEADERS.items()
    }
    responses["304"] = {"description": _UNCHANGED}
    refusals = _REFUSALS | ({"404": _NOT_FOUND} if is_about_one else {})
    for status, said in sorted(refusals.items()):
        responses[status] = {"description": said, "content": _ERROR}
    operation["responses"] = responses


def _place(parameter: Described) -> tuple[bool, int]:
    """Compulsory parameters come first, those that all addresses share last."""
    name = parameter["name"]
    return not parameter["required"], _SHARED.index(name) if name in _SHARED else -1


def _without_null(parameter: Described) -> Described:
    """A parameter that is not given is absent; an address cannot say null."""
    schema = {key: value for key, value in parameter["schema"].items() if key != "title"}
    choices = [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]
    schema.pop("description", None)
    schema.update(choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})
    if schema.get("type") == "string" and not {"pattern", "enum", "format", "const"} & set(schema):
        schema["pattern"] = _READABLE
    return parameter | {"schema": schema}


def _translated(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: _(value)
            if key in _SPOKEN and isinstance(value, str) and value
            else _translated(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_translated(each) for each in node]
    return node
