"""Alembic's entry: it migrates on the connection that the service hands over."""

from alembic import context

from linkage_service.storage.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
