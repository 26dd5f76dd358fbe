"""Runs the migrations on the connection that `afterword.storage.database.migrate` opened."""

from typing import Any, Literal

from alembic import context

from afterword.storage.tables import metadata
from afterword.storage.types import Instant


def render_item(type_: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    # Migrations must not change when the code does: they spell the type out.
    return "INSTANT" if type_ == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
