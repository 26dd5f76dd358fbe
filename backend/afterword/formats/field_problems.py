"""Validation errors as sentences for whoever sent the document: which field, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from afterword.errors import FieldProblem

_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field here; remove it or check its spelling",
    "string_type": "must be text",
    "string_unicode": "has a character that is none; remove it",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "is not written as expected: {pattern}",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entries",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "json_invalid": "is not valid JSON: {error}",
    "value_error": "{error}",
}


def field_problems(
    errors: Iterable[Mapping[str, Any]], within: tuple[str, ...] = ("body",)
) -> tuple[FieldProblem, ...]:
    """Pydantic's error list, each with its dotted path; a leading part named in `within` is left out."""
    return tuple(FieldProblem(_path(error["loc"], within), _sentence(error)) for error in errors)


def _path(location: Iterable[str | int], within: tuple[str, ...]) -> str:
    parts = [str(part) for part in location]
    return ".".join(parts[1:] if parts and parts[0] in within else parts)


def _sentence(error: Mapping[str, Any]) -> str:
    pattern = _SENTENCES.get(error["type"])
    if pattern is None:
        return str(error["msg"])
    context = error.get("ctx", {})
    return "must not be empty" if context.get("min_length") == 1 else pattern.format_map(context)
