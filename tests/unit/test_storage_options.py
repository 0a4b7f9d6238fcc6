"""Every command that opens a service is told where it keeps what, by the same options."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import typer

from linkage_service.cli import app
from linkage_service.cli.options import StorageOptions
from linkage_service.settings import StoreSettings, TokenSettings

# They work on accounts alone, which are in the database.
ACCOUNTS = {"add", "list", "reset", "disable"}


def test_a_command_with_the_database_has_blobs_and_keys_as_well() -> None:
    asked = {each.name for each in fields(StorageOptions)}
    found = dict(commands(typer.main.get_command(app)))
    with_database = {name for name, options in found.items() if "database_url_file" in options}
    assert len(with_database) > 8
    assert {name: asked - found[name] for name in with_database - ACCOUNTS} == {
        name: set() for name in with_database - ACCOUNTS
    }


def commands(group: object) -> list[tuple[str, set[str]]]:
    found = []
    for name, each in group.commands.items():  # type: ignore[attr-defined]
        if hasattr(each, "commands"):
            found += commands(each)
        else:
            found.append((name, {parameter.name for parameter in each.params}))
    return found


def test_the_options_reach_the_settings(tmp_path: Path) -> None:
    url = tmp_path / "url"
    url.write_text("postgresql://padan@localhost/padan\n")
    options = StorageOptions(
        database_url_file=url,
        blobs_url="s3://wadah/padan",
        token_module=tmp_path / "module.so",
        token_label="padan",
    )
    settings = options.settings(tmp_path, upload_days=3)
    assert settings.database_url == "postgresql://padan@localhost/padan"
    assert settings.store == StoreSettings(url="s3://wadah/padan")
    assert settings.token == TokenSettings(tmp_path / "module.so", "padan", None)
    assert settings.upload_days == 3
    assert options.secrets() == (url,)
