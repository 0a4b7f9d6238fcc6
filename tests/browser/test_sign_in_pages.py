"""The pages on which people set an account up, in Chromium, under their strict policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linkage_service.people import Role
from tests.support.looks import violations
from tests.support.staff_site import staff_site


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_link_leads_to_the_setup(browser: Any, tmp_path: Path, scheme: str, width: int) -> None:
    with staff_site(tmp_path) as site:
        code = site.desk.accounts.add("ayu", "bpkp", [Role.auditor])
        page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
        faults, asked = [], []
        page.on("console", lambda message: faults.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.url}/akun/baru#{code}")
        assert page.input_value("#code") == code
        assert code not in page.url
        page.click("main button")
        page.wait_for_url("**/akun/atur")
        drawn = page.locator(".qr-code svg").bounding_box()
        assert 200 < drawn["width"] < width
        assert drawn["width"] == drawn["height"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults == []
        assert all(each.startswith((site.url, "data:")) for each in asked)
        assert not any(code in each.partition("#")[0] for each in asked)
        page.close()
        context = browser.new_context(bypass_csp=True, color_scheme=scheme)  # for axe itself
        looked_at = context.new_page()
        for path in ("/masuk", "/akun/baru", "/tidak-ada"):
            looked_at.goto(site.url + path)
            assert violations(looked_at) == []
        assert looked_at.locator("h1").inner_text() == "Halaman ini tidak ada"
        assert looked_at.request.get(f"{site.url}/api/v1/nothing").json()["status"] == 404
        context.close()
