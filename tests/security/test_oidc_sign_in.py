"""Sign-in by an OIDC provider: a real one, then one that lies, then a browser that does."""

from __future__ import annotations

import hashlib
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import yaml
from oidc_provider_mock import User

from linkage_service.people.oidc_settings import OidcSettings, claimed, read_oidc
from linkage_service.people.staff import Role
from linkage_service.settings import PeopleSettings
from policy.base.errors import BadInput, Refused
from tests.support.oidc import CLIENT, SECRET, Provider, oidc_provider
from tests.support.staff_site import Browser, Site, staff_site

AYU = User(
    sub="ayu",
    claims={"preferred_username": "ayu.lestari", "groups": ["/padan-auditor"], "office": "bpkp"},
)
LAIN = User(sub="lain", claims={"groups": ["staf"], "office": "bpkp"})
TREE: dict[str, Any] = {
    "client_id": CLIENT,
    "client_secret_file": "secret",
    "roles": {"padan-auditor": ["auditor"], "padan-koordinator": ["coordinator", "operator"]},
    "office_claim": "office",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with oidc_provider(AYU, LAIN) as provider:
        yield provider


@pytest.fixture(scope="module")
def site(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_of(provider, tmp_path_factory.mktemp("oidc")) as site:
        yield site


@contextmanager
def site_of(provider: Provider, folder: Path) -> Iterator[Site]:
    file = folder / "oidc.yaml"
    file.write_text(yaml.safe_dump({**TREE, "issuer": provider.issuer}))
    (folder / "secret").write_text(SECRET + "\n")
    with staff_site(folder, PeopleSettings(oidc_file=file), real_time=True) as site:
        yield site


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> Iterator[None]:
    provider.honest()
    provider.asked.clear()
    yield
    provider.honest()


def out(browser: Browser, then: str = "/auditor-saja") -> str:
    """Where the service sends this browser."""
    answer = browser.get("/masuk/oidc", params={"next": then})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def sign_in(site: Site, provider: Provider, person: str = "ayu") -> tuple[Browser, httpx2.Response]:
    browser = site.browser()
    return browser, browser.get(provider.approve(out(browser), person))


def test_a_person_of_the_provider_has_the_roles_of_their_groups(
    site: Site, provider: Provider
) -> None:
    browser, answer = sign_in(site, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auditor-saja")
    assert browser.get("/auditor-saja").json() == {"name": "ayu.lestari"}
    assert browser.send("/ubah", {"csrf": browser.form("/akun")["csrf"]}).status_code == 403
    (account,) = (each for each in site.desk.accounts.all() if each.person.name == "ayu.lestari")
    assert (account.person.office, account.issuer) == ("bpkp", provider.issuer)
    assert "/masuk/oidc?" in site.browser().get("/masuk").text


def test_the_providers_own_keys_and_tokens_are_believed(tmp_path: Path) -> None:
    """Without the layer that the other tests put in front of it."""
    with oidc_provider(AYU, layered=False) as genuine, site_of(genuine, tmp_path) as site:
        browser, answer = sign_in(site, genuine)
        assert answer.status_code == 303
        assert browser.get("/auditor-saja").json() == {"name": "ayu.lestari"}


def test_the_code_is_exchanged_with_its_verifier_and_the_clients_secret(
    site: Site, provider: Provider
) -> None:
    sign_in(site, provider)
    began, exchanged = provider.asked[0], provider.asked[-1]
    digest = hashlib.sha256(exchanged["code_verifier"].encode()).digest()
    assert began["code_challenge"] == urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert began["code_challenge_method"] == "S256"
    assert "code_verifier" not in began
    assert len(began["nonce"]) >= 43
    assert len(began["state"]) >= 43
    assert began["redirect_uri"] == f"{site.url}/masuk/oidc/kembali"
    basic = b64decode(exchanged["authorization"].removeprefix("Basic ")).decode()
    assert basic == f"{CLIENT}:{SECRET}"


def test_a_person_without_a_role_does_not_get_in(site: Site, provider: Provider) -> None:
    browser, answer = sign_in(site, provider, "lain")
    assert answer.status_code == 403
    assert "people.no-role" in answer.text
    assert browser.get("/akun").status_code == 303


def test_roles_are_those_of_the_last_sign_in_and_a_disabled_account_stays_so(
    site: Site, provider: Provider
) -> None:
    budi = {"sub": "budi", "preferred_username": "budi.hartono"}

    def promoted(claims: dict[str, Any]) -> None:
        claims.update(budi, groups=["padan-koordinator"], office="layanan")

    provider.change = promoted
    browser, _ = sign_in(site, provider)
    assert browser.get("/auditor-saja").status_code == 403
    provider.change = lambda claims: claims.update(budi, office="bpkp")
    browser, _ = sign_in(site, provider)
    assert browser.get("/auditor-saja").status_code == 200
    site.desk.accounts.disable("budi", provider.issuer)
    assert browser.get("/auditor-saja").status_code == 303
    assert "people.disabled" in sign_in(site, provider)[1].text


# -- a provider, or somebody in its place, that lies -------------------------------------------


LIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "the nonce of another sign-in": lambda claims: claims.update(nonce="x" * 64),
    "no nonce": lambda claims: claims.pop("nonce"),
    "a list of nonces": lambda claims: claims.update(nonce=["x", claims["nonce"]]),
    "another audience": lambda claims: claims.update(aud="lain"),
    "no audience": lambda claims: claims.pop("aud"),
    "several audiences, made for another": lambda claims: claims.update(
        aud=[CLIENT, "lain"], azp="lain"
    ),
    "several audiences, made for nobody": lambda claims: claims.update(aud=[CLIENT, "lain"]),
    "another issuer": lambda claims: claims.update(iss="https://lain.example"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - 3600),
    "no end": lambda claims: claims.pop("exp"),
    "from the future": lambda claims: claims.update(iat=claims["iat"] + 7200),
    "nobody": lambda claims: claims.pop("sub"),
}


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_an_id_token_with_a_wrong_claim_is_refused(
    site: Site, provider: Provider, lie: str
) -> None:
    provider.change = LIES[lie]
    browser, answer = sign_in(site, provider)
    assert (answer.status_code, browser.token) == (403, "")
    assert "people.oidc-refused" in answer.text
    # The control: the same layer, the same key, and the claims as they were.
    provider.change = lambda claims: None
    assert sign_in(site, provider)[1].status_code == 303


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_published_signature_is_refused(
    site: Site, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    browser, answer = sign_in(site, provider)
    assert (answer.status_code, browser.token) == (403, "")


def test_a_key_that_the_provider_does_not_publish_is_refused(
    provider: Provider, tmp_path: Path
) -> None:
    provider.change, provider.published = (lambda claims: None), False
    with site_of(provider, tmp_path) as site:
        assert sign_in(site, provider)[1].status_code == 403
        # It publishes the key later: the service asks again, after a while.
        provider.published = True
        site.later(61)
        assert sign_in(site, provider)[1].status_code == 303


def test_a_provider_that_names_another_issuer_is_refused(
    provider: Provider, tmp_path: Path
) -> None:
    """Or sends people and their codes through plain HTTP."""
    with site_of(provider, tmp_path) as site:
        for said in (
            {"issuer": "https://lain.example"},
            {"token_endpoint": "http://lain.example/token"},
            {"authorization_endpoint": "http://lain.example/authorize"},
        ):
            provider.said = said
            assert "people.oidc-refused" in site.browser().get("/masuk/oidc").text
        provider.said = {}
        assert sign_in(site, provider)[1].status_code == 303


# -- a browser that lies ----------------------------------------------------------------------


def test_a_state_is_good_once_and_in_one_browser(site: Site, provider: Provider) -> None:
    attacker, victim = site.browser(), site.browser()
    back = provider.approve(out(attacker), "ayu")
    out(victim)  # has a visit of its own
    assert "people.oidc-visit" in victim.get(back).text, "nobody is signed in by another's answer"
    assert "people.oidc-visit" in attacker.get(back).text, "and it is used up"
    back = provider.approve(out(attacker), "ayu")
    assert attacker.get(back).status_code == 303, "in the browser that began, it is good"
    assert "people.oidc-visit" in attacker.get(back).text


@pytest.mark.parametrize(
    "change", ["state=", "state=" + "x" * 64, "iss=https%3A%2F%2Flain.example"]
)
def test_an_answer_that_we_did_not_ask_for_is_refused(
    site: Site, provider: Provider, change: str
) -> None:
    browser = site.browser()
    back = provider.approve(out(browser), "ayu")
    answer = browser.get(back.split("?")[0] + "?" + _with(back, change))
    assert (answer.status_code, browser.token) == (403, "")


def test_an_answer_comes_within_ten_minutes(site: Site, provider: Provider) -> None:
    browser = site.browser()
    back = provider.approve(out(browser), "ayu")
    site.later(600)
    assert "people.oidc-visit" in browser.get(back).text
    site.later(-600)


def test_a_foreign_address_to_go_on_to_is_left_out(site: Site, provider: Provider) -> None:
    browser = site.browser()
    back = provider.approve(out(browser, "https://jahat.example"), "ayu")
    assert browser.get(back).headers["location"] == "/"


def test_a_code_that_the_provider_does_not_know_is_refused(site: Site, provider: Provider) -> None:
    browser = site.browser()
    back = provider.approve(out(browser), "ayu")
    answer = browser.get(back.split("?")[0] + "?" + _with(back, "code=tebakan"))
    assert "people.oidc-refused" in answer.text


def test_without_a_provider_the_addresses_say_so(tmp_path: Path) -> None:
    with staff_site(tmp_path) as site:
        assert "people.no-oidc" in site.browser().get("/masuk/oidc").text
        assert "/masuk/oidc" not in site.browser().get("/masuk").text


def test_a_provider_that_is_away_is_said_so(tmp_path: Path) -> None:
    from tests.support.ports import free_port

    (tmp_path / "secret").write_text(SECRET)
    file = tmp_path / "oidc.yaml"
    file.write_text(yaml.safe_dump({**TREE, "issuer": f"http://localhost:{free_port()}"}))
    with staff_site(tmp_path, PeopleSettings(oidc_file=file)) as site:
        answer = site.browser().get("/masuk/oidc")
    assert answer.status_code == 502
    assert "people.oidc-unreachable" in answer.text


# -- settings and claims ----------------------------------------------------------------------


def settings(**more: Any) -> OidcSettings:
    tree = {**TREE, "issuer": "https://sso.contoh.go.id", **more}
    return OidcSettings.model_validate(tree, strict=False)


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "http://sso.contoh.go.id"},
        {"issuer": "https://a@b"},
        {"roles": {"x": ["kepala"]}},
        {"roles": {}},
        {"office": "bpkp"},
        {"office_claim": ""},
        {"scope": "profile"},
        {"rahasia": "x"},
    ],
    ids=str,
)
def test_settings_that_would_let_the_wrong_people_in(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    file = tmp_path / "oidc.yaml"
    file.write_text(yaml.safe_dump({**TREE, "issuer": "https://sso.contoh.go.id", **change}))
    with pytest.raises(BadInput) as caught:
        read_oidc(file)
    assert caught.value.code == "people.oidc-settings"
    assert "sso.contoh" not in caught.value.problem.en + caught.value.hint.en


def test_claims_of_keycloak_at_their_place() -> None:
    nested = settings(roles_claim="realm_access.roles", office="layanan", office_claim="")
    claims = {"sub": "1", "realm_access": {"roles": ["padan-koordinator", "offline_access"]}}
    person = claimed(nested, claims)
    assert person.roles == {Role.coordinator, Role.operator}
    assert (person.office, person.name, person.projects) == ("layanan", "1", ("*",))
    for wrong in ({}, {"realm_access": "padan-koordinator"}, {"realm_access": {"roles": None}}):
        with pytest.raises(Refused):
            claimed(nested, {"sub": "1", **wrong})
    with pytest.raises(Refused):
        claimed(settings(), {"sub": "1", "groups": ["padan-auditor"], "office": "BPKP Pusat"})
    few = settings(projects_claim="projects")
    claims = {"sub": "1", "groups": ["padan-auditor"], "office": "bpkp"}
    assert claimed(few, claims).projects == ()
    assert claimed(few, {**claims, "projects": ["bansos-2026", "*"]}).projects == ("bansos-2026",)


def _with(back: str, change: str) -> str:
    name, value = change.split("=", 1)
    query = {key: values[0] for key, values in parse_qs(urlsplit(back).query).items()}
    return str(
        httpx2.QueryParams({**query, name: httpx2.URL(f"http://x/?{name}={value}").params[name]})
    )
