"""What is in deploy/: linted, valid by its schemas, hardened, and made of commands that exist.

No container engine, Helm or cluster is started here.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.support.helm import rendered
from tests.support.programme import ROOT, command_line

DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm" / "padan"
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PROGRAM = "/opt/padan/bin/padan-linkage"
_MOST_EXPOSED = 15  # tenths, by `systemd-analyze security`: 0 is closed, 100 is open


def pod(objects: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = objects["StatefulSet", "padan"]["spec"]["template"]["spec"]
    return found


def containers(objects: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pod(objects)["containers"]
    return found


# -- the commands ---------------------------------------------------------------------------


def commands() -> dict[str, list[str]]:
    """Each command line in deploy/, by the file that has it."""
    found = {f"compose {name}": COMPOSE["services"][name]["command"] for name in ("api", "worker")}
    found |= {f"chart {each['name']}": each["args"] for each in containers(rendered(CHART))}
    for unit in UNITS:
        (line,) = re.findall(rf"^ExecStart={PROGRAM} (.*)$", unit.read_text(), re.MULTILINE)
        found[unit.name] = shlex.split(line)
    (default,) = re.findall(r"^CMD (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    found["Dockerfile"] = json.loads(default)
    return found


@pytest.mark.parametrize("place", sorted(commands()))
def test_every_command_exists_with_its_options(place: str) -> None:
    name, *arguments = commands()[place]
    command = command_line("padan-linkage").commands[name]
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    options = [each.partition("=")[0] for each in arguments if each.startswith("--")]
    assert options
    assert set(options) <= known


def test_every_variable_is_read_by_a_command() -> None:
    read = {
        str(each.envvar)
        for command in command_line("padan-linkage").commands.values()
        for each in command.params
    } | {str(each.envvar) for each in command_line("padan-linkage").params}
    named = set(COMPOSE["services"]["api"]["environment"])
    named |= set(re.findall(r"^#?(PADAN_\w+)=", (DEPLOY / "systemd/linkage.env").read_text(), re.M))
    for unit in UNITS:
        named |= set(re.findall(r"(PADAN_\w+)=", unit.read_text()))
    for each in containers(rendered(CHART, store__url="s3://padan", ray__enabled=True)):
        named |= {one["name"] for one in each["env"] if one["name"].startswith("PADAN")}
    assert {"PADAN_HOME", "PADAN_BLOBS_URL", "PADAN_ENGINE"} <= named
    assert named <= read


# -- the image ------------------------------------------------------------------------------


def linted(dockerfile: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("hadolint is not installed: uv sync --group deploy")
    return subprocess.run(
        [str(program), str(dockerfile)], capture_output=True, text=True, check=False
    )


def test_the_dockerfile_has_no_fault(tmp_path: Path) -> None:
    done = linted(DEPLOY / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python:latest\nRUN apt-get install gcc\n")
    assert linted(bad).returncode == 1


def test_the_last_stage_runs_without_rights_and_tools() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    _, _, last = text.rpartition("\nFROM ")
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "pip uninstall --yes" in last
    installs = re.compile(r"apt-get|pip install|uv |build-essential|gcc")
    assert not installs.search(last)
    assert installs.search(text), "the first stage does build"
    assert "ARG PYTHON_IMAGE=python:3.13-slim-bookworm" in text


# -- compose --------------------------------------------------------------------------------


def test_compose_is_valid() -> None:
    compose_spec = pytest.importorskip(
        "compose_spec", reason="not installed: uv sync --group deploy"
    )
    spelled = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", json.dumps(COMPOSE))
    spelled = re.sub(r"\$\{\w+:\?[^}]*\}", "https://padan.example.go.id", spelled)
    compose_spec.PyCompose.from_yaml(spelled).validate()
    unknown = json.dumps({**json.loads(spelled), "networks": {}})
    with pytest.raises(Exception, match="network"):
        compose_spec.PyCompose.from_yaml(unknown).validate()


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_every_service_is_closed(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service["user"].startswith("0")
    assert not re.search(r":latest$|^[^:]+$", service["image"])
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    assert not [
        each for each in service.get("environment", {}) if re.search("PASSWORD$|SECRET|TOKEN", each)
    ]
    assert ("ports" in service) == (name == "proxy")
    assert (service["networks"] == ["inside"]) == (name != "proxy"), "one way outside"
    assert COMPOSE["networks"]["inside"]["internal"] is True


# -- systemd --------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS, ids=lambda each: each.name)
def test_units_are_valid_and_hardened(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed: apt-get install systemd")
    text = unit.read_text().replace(PROGRAM, "/bin/true")
    closed, open_ = tmp_path / unit.name, tmp_path / "open.service"
    closed.write_text(text)
    open_.write_text("[Service]\nExecStart=/bin/true\nNoSuchSetting=1\n")
    assert analysed("verify", closed) == (0, "")
    assert "NoSuchSetting" in analysed("verify", open_)[1]
    security = ("security", "--offline=true", f"--threshold={_MOST_EXPOSED}")
    assert analysed(*security, closed)[0] == 0
    assert analysed(*security, open_)[0] == 1
    for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "IPAddressDeny=any"):
        assert f"\n{line}\n" in text
    assert not re.search(r"^Environment=.*(PASS\w*|PASSWORD)=(?!%d/)", text, re.MULTILINE)


def test_the_timer_starts_a_unit_of_its_name(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed: apt-get install systemd")
    (timer,) = (DEPLOY / "systemd").glob("*.timer")
    unit = timer.with_suffix(".service")
    assert unit in UNITS
    text = unit.read_text().replace(PROGRAM, "/bin/true")
    (tmp_path / unit.name).write_text(text)
    shutil.copy(timer, tmp_path)
    assert analysed("verify", tmp_path / timer.name) == (0, "")
    (every,) = re.findall(r"^OnCalendar=(.*)$", timer.read_text(), re.MULTILINE)
    assert analysed("calendar", every)[0] == 0
    (folder,) = re.findall(r" --to (\S+)", text)
    assert f"\nReadWritePaths={folder}\n" in text, "the rest of the disk cannot be written"
    for page in ("docs/how-to", "docs/id/how-to"):
        steps = (ROOT / page / "run-the-service.md").read_text()
        assert timer.name in steps
        assert re.search(rf"^install -d -o padan -g padan .*{folder}", steps, re.MULTILINE)


def analysed(*arguments: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        ["systemd-analyze", "--no-pager", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip()


# -- the chart ------------------------------------------------------------------------------

VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "s3": {"store__url": "s3://padan", "store__endpoint": "https://s3.example.go.id"},
    "ray": {"ray__enabled": True},
    "digest": {"image__digest": "sha256:" + "ab" * 32, "image__pullSecret": "registry"},
    "alone": {"ingress__enabled": False, "home__storageClass": "fast"},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_objects_fit_the_schemas_of_kubernetes(variant: str) -> None:
    kubernetes_validate = pytest.importorskip(
        "kubernetes_validate", reason="not installed: uv sync --group deploy"
    )
    objects = rendered(CHART, **VARIANTS[variant])
    for each in objects.values():
        kubernetes_validate.validate(each, "1.31", strict=True)
    broken = json.loads(json.dumps(objects["Service", "padan"]))
    broken["spec"]["port"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.31", strict=True)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_pod_is_restricted(variant: str) -> None:
    """By the Pod Security Standard of that name, with a root that cannot be written."""
    spec = pod(rendered(CHART, **VARIANTS[variant]))
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    volumes = {each["name"] for each in spec["volumes"]} | {"home"}
    for each in spec["containers"]:
        context = each["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert {mount["name"] for mount in each["volumeMounts"]} <= volumes
        assert "limits" in each["resources"]
        assert not each["image"].endswith(":latest")
    assert not [each for each in spec["volumes"] if "hostPath" in each]


def test_probes_and_the_way_out() -> None:
    objects = rendered(CHART)
    api = next(each for each in containers(objects) if each["name"] == "api")
    assert api["readinessProbe"]["httpGet"]["path"] == "/api/v1/ready"
    assert api["livenessProbe"]["httpGet"]["path"] == "/api/v1/health"
    policy = objects["NetworkPolicy", "padan"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    dns, *ways = policy["egress"]
    assert {each["port"] for each in dns["ports"]} == {53}
    assert [each["to"][0]["ipBlock"]["cidr"] for each in ways] == ["10.0.0.10/32"]


def test_ray_is_used_with_tls_and_a_token_alone() -> None:
    def names(**changed: Any) -> dict[str, str]:
        return {e["name"]: e["value"] for e in containers(rendered(CHART, **changed))[1]["env"]}

    assert "PADAN_ENGINE" not in names()
    with_ray = names(ray__enabled=True)
    assert with_ray["PADAN_ENGINE"] == "ray"
    assert (with_ray["RAY_USE_TLS"], with_ray["RAY_AUTH_MODE"]) == ("1", "token")


def test_unsafe_values_do_not_pass_the_charts_schema() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    check = jsonschema.Draft202012Validator(schema)
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    assert check.is_valid(values)
    for place, name, unsafe in (
        ("image", "tag", "latest"),
        ("network", "egress", [{"cidr": "0.0.0.0/0", "port": 443}]),
        ("store", "endpoint", "http://s3.example.go.id"),
        ("image", "digest", "sha256:ab"),
    ):
        assert not check.is_valid({**values, place: {**values[place], name: unsafe}})
    assert not check.is_valid({**values, "publicUrl": "http://padan.example.go.id"})
