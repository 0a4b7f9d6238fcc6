"""Pictures of the pages for the documentation, from what `make demo` left in build/jakarta.

    .venv/bin/python scripts/screenshots.py

It works on a copy: Dinas Sosial asks for another release there, so that an approver's page has one
that waits. Needs Chromium, playwright and Pillow; takes a minute.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
DEMO, ASSETS, BIN = (
    ROOT / "build" / "jakarta",
    ROOT / "docs" / "assets",
    Path(sys.executable).parent,
)
PROJECT, RELEASE = "jakarta-2026", "rilis-3"
SIZE = {"width": 1100, "height": 760}
PATIENCE = 180_000  # milliseconds
COLOURS = 96  # of a picture: few enough for a small file


def command(folder: Path, member: str, program: str, *arguments: str) -> list[str]:
    home, secret = folder / "homes" / member, folder / "passphrases" / member
    return [str(BIN / program), "--home", str(home), "--passphrase-file", str(secret), *arguments]


def do(folder: Path, member: str, program: str, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 - every argument is made here
        command(folder, member, program, *arguments), check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def running(line: list[str], ready: str, folder: Path) -> Iterator[re.Match[str]]:
    """A program that goes on; waits until its output matches `ready`."""
    log = folder / f"{Path(line[0]).name}-{time.monotonic_ns()}.log"
    with log.open("w") as output:
        process = subprocess.Popen(line, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        for _ in range(600):
            found = re.search(ready, log.read_text(encoding="utf-8"))
            if found:
                yield found
                return
            if process.poll() is not None:
                break
            time.sleep(0.2)
        raise SystemExit(log.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.wait(timeout=60)


def keep(page: Any, name: str) -> None:
    """The first screen of a page as a small PNG."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    target = ASSETS / f"{name}.png"
    picture.quantize(COLOURS).save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")


def pages(folder: Path, browser: Any, language: str) -> None:
    """Every picture in one language."""
    os.environ["PADAN_LANG"] = language
    view = browser.new_context(viewport=SIZE, locale=language)
    view.set_default_timeout(PATIENCE)
    page = view.new_page()
    with running(
        command(folder, "dinsos", "padan-encoder", "ui", "--no-open"), r"http://\S+", folder
    ) as address:
        unlock(page, address[0], folder / "passphrases" / "dinsos", language)
        page.locator("main button").first.click()
        page.locator("nav a", has_text="10 ").click()
        keep(page, f"officer-{language}")
    with running(
        command(folder, "bps-approver", "padan-policy", "ui", "--no-open"), r"http://\S+", folder
    ) as address:
        unlock(page, address[0], folder / "passphrases" / "bps-approver", language)
        page.get_by_role("link", name=RELEASE).first.click()
        keep(page, f"approver-{language}")
    for name, file in (("evidence", "audit/report.html"), ("coverage", "lists/dtks-cakupan.html")):
        page.goto(f"file://{folder / file}")
        page.get_by_text("English" if language == "en" else "Bahasa Indonesia", exact=True).click()
        keep(page, f"{name}-{language}")
    view.close()


def unlock(page: Any, address: str, secret: Path, language: str) -> None:
    page.goto(address)
    page.goto(urljoin(address, f"/language/{language}"))
    form = page.locator("#passphrase[autofocus]")
    if form.count():
        form.fill(secret.read_text(encoding="utf-8").strip())
        form.press("Enter")
    page.wait_for_load_state("networkidle")


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not DEMO.exists() or chromium is None:
        raise SystemExit("Run 'make demo' first, and install Chromium.")
    ASSETS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "jakarta"
        shutil.copytree(DEMO, folder)
        url = json.loads((folder / "homes" / "dinsos" / "service.json").read_text())["url"]
        port = url.rsplit(":", 1)[1].strip("/")
        service = command(folder, "service", "padan-linkage", "serve", "--port", port)
        with running(service, rf":{port}", folder):
            do(
                *(folder, "dinsos", "padan-policy", "request", PROJECT, RELEASE),
                *("--run", "padan-1", "--domain", "dtks-regsosek"),
            )
            do(folder, "service", "padan-linkage", "stage", PROJECT, RELEASE)
            for member in ("bps", "dinsos", "dppapp"):
                do(folder, member, "padan-policy", "witness", PROJECT)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox"]
                )
                for language in ("en", "id"):
                    pages(folder, browser, language)
                browser.close()


if __name__ == "__main__":
    main()
