"""The service's database. The log's leaves are authoritative; other tables are derived."""

from linkage_service.storage.records.database import Database, open_database

__all__ = ["Database", "open_database"]
