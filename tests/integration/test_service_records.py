"""Transactions on both databases: a reader sees one moment, a writer waits for its turn."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from linkage_service.storage.records import open_database
from linkage_service.storage.records.tables import heads


def test_a_reader_sees_one_moment(database_url: str) -> None:
    """Else a head could come without its leaves, which clients must take for a forked log."""
    database = open_database(database_url)
    count = select(func.count()).select_from(heads)
    with database.reading() as reader:
        assert reader.execute(count).scalar() == 0
        with database.writing("p") as writer:
            writer.execute(heads.insert().values(project="p", size=1, note="n"))
        assert reader.execute(count).scalar() == 0
    with database.reading() as reader:
        assert reader.execute(count).scalar() == 1
    database.close()


def test_writers_to_one_project_take_turns(database_url: str) -> None:
    database = open_database(database_url)
    largest = select(func.coalesce(func.max(heads.c.size), 0)).where(heads.c.project == "p")

    def append() -> None:
        for _ in range(10):
            with database.writing("p") as writer:
                size = writer.execute(largest).scalar_one() + 1
                writer.execute(heads.insert().values(project="p", size=size, note="n"))

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as reader:
        assert reader.execute(largest).scalar() == 40
    database.close()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        open_database(database_url).close()
