# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The files that docs/operations.md gives for systemd, proxies and containers, and its table of metrics, are right."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from enliterator_core.cli import root

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def block(language):
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return text


def parsed_by_the_command_line(words):
    """Parse a command line as the program would, without running it."""
    with root.make_context("enliterator", list(words)) as outer:
        name, _, rest = root.resolve_command(outer, [*outer._protected_args, *outer.args])
        command = root.load(outer, name)
        with command.make_context(name, rest, parent=outer) as inner:
            return inner.params


def test_the_unit_is_one_that_systemd_takes(tmp_path):
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str
    unit.read_string(block("ini"))
    service = unit["Service"]
    words = shlex.split(service["ExecStart"])
    assert Path(words[0]).name == "enliterator"
    (tmp_path / "workspace").mkdir()
    words[words.index("--workspace") + 1] = str(tmp_path / "workspace")
    assert parsed_by_the_command_line(words[1:])["workers"] == 2
    assert service["ReadWritePaths"] == service["WorkingDirectory"]
    if shutil.which("systemd-analyze"):
        file = tmp_path / "enliterator.service"
        file.write_text(block("ini").replace("/opt/enliterator/bin/enliterator", sys.executable), encoding="utf-8")
        done = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False)
        assert not re.search(r"enliterator\.service", done.stderr), done.stderr


@pytest.mark.parametrize("language", ["nginx", "caddyfile"])
def test_the_proxies_pass_on_webhooks_alone(language):
    text = block(language)
    assert text.count("{") == text.count("}")
    assert "/webhooks/" in text
    assert "127.0.0.1:8000" in text
    assert "404" in text
    if language == "nginx":
        assert all(re.search(r"[;{}]$", line) for line in text.splitlines() if line.strip())
        assert (
            "proxy_pass http://127.0.0.1:8000;" in text
        )  # without a path, which would take the place of the request's


def test_nginx_takes_its_file_where_there_is_one(tmp_path):
    if not shutil.which("nginx"):
        pytest.skip("no nginx here")
    text = re.sub(r"\s+ssl_certificate(_key)? .*;", "", block("nginx")).replace(" ssl;", ";")
    whole = f"events {{}}\npid {tmp_path}/pid;\nhttp {{\n{text}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    subprocess.run(["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], check=True)


def test_the_container_starts_what_there_is(tmp_path, monkeypatch):
    lines = re.sub(r"\\\n\s*", "", block("dockerfile")).splitlines()
    known = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "ENV", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    instructions = [line.split(" ", 1) for line in lines]
    assert {name for name, _ in instructions} <= known
    assert instructions[0][0] == "FROM"
    told = dict(instructions)
    monkeypatch.chdir(tmp_path)
    assert parsed_by_the_command_line(eval(told["CMD"])) == {
        "host": "0.0.0.0",
        "port": 8000,
        "workers": 2,
        "request_seconds": 20.0,
    }
    compile(eval(told["HEALTHCHECK"].removeprefix("CMD "))[2], "healthcheck", "exec")
    assert (ROOT / "requirements.lock").exists()


def test_every_metric_is_explained_and_no_other(tmp_path):
    from enliterator_webhooks.testing import serving

    with serving(tmp_path, "--worker", "1") as server:
        text = urllib.request.urlopen(f"{server.url}/metrics").read().decode()
    told = set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))
    assert told == set(re.findall(r"^\| `((?:enliterator|process)_\w+)` \|", PAGE, re.MULTILINE))
    assert told >= set(re.findall(r"`(enliterator_\w+)\{", PAGE))


def test_every_reason_for_a_refusal_is_explained():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "plugins/events/enliterator_webhooks").glob("*.py")]
    reasons = {
        word for text in texts for word in re.findall(r'(?:NotSigned\(4\d\d, |return \d+, |413, name, )"(\w+)"', text)
    }
    assert len(reasons) >= 10
    assert reasons <= set(re.findall(r"`(\w+)`", PAGE))
