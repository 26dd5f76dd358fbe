"""Where a problem stands in a document as it was written, which the models read in a wider form than it has."""

from __future__ import annotations

#: Steps that only the models know: a moment's points, and a condition's name and arguments.
POINTS, NAME, ARGUMENTS = "points", "name", "arguments"


def as_written(node: object, path: str) -> str:
    """The dotted path of a model's field as the path of what was written: `opens.points.0.anchor` as `opens.anchor`."""
    kept: list[str] = []
    for step in path.split("."):
        key, node = _down(node, step)
        if key is not None:
            kept.append(key)
    return ".".join(kept)


def _down(node: object, step: str) -> tuple[str | None, object]:
    """The written key that a step goes down by, None where it goes nowhere, and what is found there."""
    if isinstance(node, list):
        inside = step.isdigit() and int(step) < len(node)
        return (step, node[int(step)]) if inside else (None, node)
    if not isinstance(node, dict):
        return None, node
    if step in node:
        return step, node[step]
    if step == POINTS:
        return ("latest", node["latest"]) if "latest" in node else (None, node)
    if step in (NAME, ARGUMENTS) and len(node) == 1:
        ((key, value),) = node.items()
        return str(key), value if step == ARGUMENTS else None
    # A number here is the place in a list of one that was written without brackets; brackets name a part of a union.
    return (None, node) if step.isdigit() or "[" in step else (step, None)
