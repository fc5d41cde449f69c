# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets and e-mail addresses: what is masked, what is left alone, and that it is never slow."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import MASK, find_secrets, mask

# Put together from pieces, so that no scanner takes this file for a leak.
PLANTED = {
    "AWS key": "AKIA" + "IOSFODNN7ABCDEFG",
    "Google key": "AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "GitHub token": "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "GitLab token": "glpat-" + "zY3kF9sWqL2mN8xR7vTb",
    "Slack token": "xoxb-" + "123456789012-abcdefGHIJKL",
    "Stripe key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "API key": "sk-" + "proj-9aB8cD7eF6gH5iJ4kL3m",
    "npm token": "npm_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6",
    "PyPI token": "pypi-" + "AgEIcHlwaS5vcmcCJDU1" * 4,
    "JSON web token": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dBjftJeZ4CVPmB92K27uhbUJU1p1r",
    "e-mail": "ann.lee@example.com",
}


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("around", ["{}", "see {} there", 'x = "{}"', "({})", "<{}>", "a\n{}\nb"])
def test_a_planted_secret_is_found_whole_and_nothing_else_is_touched(kind, around):
    text = around.format(PLANTED[kind])
    masked, found = mask(text)
    assert [one.kind for one in found] == [kind]
    assert masked == around.format(MASK * len(PLANTED[kind]))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgres://bob:s3cr3tpw@db.internal/x", "s3cr3tpw"),
        ('password = "Tr0ub4dor&3"', "Tr0ub4dor&3"),
        ("db_password: Pa55-w0rd!x", "Pa55-w0rd!x"),
        ('"api_key": "9f8a7b6c5d4e3f2a1b0c9f8a7b6c5d4e"', "9f8a7b6c5d4e3f2a1b0c9f8a7b6c5d4e"),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYz", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYz"),
        ("secret_key: str = 'kJ8s9dFh2LmQ0pXz7VbN'", "kJ8s9dFh2LmQ0pXz7VbN"),
        ("Authorization: Bearer abcDEF123456ghiJKL7890123456", "abcDEF123456ghiJKL7890123456"),
        ("AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6;", "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6"),
        ("mail me: mailto:joe@firm.de.", "joe@firm.de"),
        ("https://shop.test/?for=joe@firm.de", "joe@firm.de"),
    ],
)
def test_what_stands_after_a_telling_name_is_masked(text, secret):
    assert mask(text)[0] == text.replace(secret, MASK * len(secret))


def test_a_private_key_is_masked_line_by_line_even_when_it_is_cut_off():
    key = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEpAIB\r\nAAKCAQEA\n"
    masked, found = mask("a\n" + key)
    assert [one.kind for one in found] == ["private key"]
    assert masked.splitlines() == ["a", "-----BEGIN RSA PRIVATE KEY-----", MASK * 8, MASK * 8]
    assert masked.count("\r") == 1


@pytest.mark.parametrize(
    "text",
    [
        "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "commit 710b5a7cec2734ceb4eadf2f04162b73c7ac186f",
        "id = 550e8400-e29b-41d4-a716-446655440000",
        "token = 550e8400-e29b-41d4-a716-446655440000",
        "OPENAI_API_KEY=sk-...",
        'api_key = env("ACME_API_KEY")',
        "password: str = field(default=None)",
        "password = {password}",
        'password = "${DB_PASSWORD}"',
        "https://user:{password}@host/",
        "https://user:password@host/",
        "PASSWORD=changeme",
        "token_count = 1000000",
        "secret_value = self._read_value2",
        "@app.route('/x')\n@pytest.fixture",
        "user@host",
        "git@github.com:org/repo.git",
        "icon@2x.png",
        "https://medium.com/@someone/a-post",
        "SPDX-License-" + "Identifier: Apache-2.0",
        "getty@tty1.service",
        "the password is asked for at the door",
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(text):
    assert find_secrets(text) == []


@given(st.text() | st.text(alphabet="ab@.:/-=\"' \nkeytokn", max_size=400))
def test_masking_keeps_length_lines_and_everything_outside_the_findings(text):
    masked, found = mask(text)
    assert len(masked) == len(text)
    assert all((a in "\r\n") == (b in "\r\n") for a, b in zip(masked, text, strict=True))
    assert all(a.end <= b.start for a, b in pairwise(found))
    inside = {at for one in found for at in range(one.start, one.end)}
    assert all(masked[at] == text[at] for at in range(len(text)) if at not in inside)
    assert {masked[at] for at in inside} <= {MASK, "\r", "\n"}


@given(st.text(alphabet="ab@.:/-=\"' \nkeytokn", max_size=400), st.sampled_from(sorted(PLANTED)))
def test_what_is_masked_stays_masked(text, kind):
    masked, _ = mask(f"{text} {PLANTED[kind]} {text}")
    assert PLANTED[kind] not in masked
    again, found = mask(masked)
    assert [one for one in found if set(masked[one.start : one.end]) <= {MASK}] == []
    assert len(again) == len(masked)


@pytest.mark.long
@pytest.mark.parametrize(
    "unit",
    [
        "a@",
        "@",
        "a.",
        "-eyJ",
        "token",
        "token=",
        "://a:",
        "-----BEGIN PRIVATE KEY-----\n",
        "sk-",
        "a-b@c.",
        "passw\t",
        "xox",
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(unit):
    def seconds(count):
        text = unit * (count // len(unit))
        start = time.process_time()
        find_secrets(text)
        return time.process_time() - start

    seconds(10_000)
    # The least of some tries: a busy machine is slower for a while.
    small, large = (min(seconds(count) for _ in range(3)) for count in (250_000, 1_000_000))
    assert large < 8 * max(small, 0.02)
    assert large < 6
