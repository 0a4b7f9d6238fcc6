"""What the service keeps in its database. The log's leaves are the truth; the rest serves them."""

from linkage_service.storage.records.database import Database, open_database

__all__ = ["Database", "open_database"]
