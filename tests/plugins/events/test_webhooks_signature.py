# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Signatures held against two other implementations of the standard."""

import time
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import InvalidWebhookSignatureError, OpenAI
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from enliterator_webhooks.signature import NotSigned, Signed, keys_of, read_headers, sign, verify
from enliterator_webhooks.testing import SECRET

NOW = 1_800_000_000
KEY = keys_of(SECRET)[0][0]
OPENAI = OpenAI(api_key="none").webhooks
ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255)
bodies = st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
keys = st.binary(min_size=24, max_size=64)


def headers_of(id, timestamp, *entries):
    return [
        (b"webhook-id", id.encode()),
        (b"webhook-timestamp", str(timestamp).encode()),
        (b"webhook-signature", b" ".join(entries)),
    ]


@given(key=keys, id=ids, body=bodies)
def test_both_other_implementations_make_the_same_signature(key, id, body):
    theirs = Webhook(key).sign(id, datetime.fromtimestamp(NOW, UTC), body.decode())
    assert sign(key, id.encode(), str(NOW).encode(), body).decode() == theirs
    verify(read_headers(headers_of(id, NOW, theirs.encode())), body, [key], tolerance=300, now=NOW)


@given(id=ids, body=bodies)
def test_what_we_sign_the_others_take(id, body):
    now = int(time.time())
    entry = sign(KEY, id.encode(), str(now).encode(), body)
    headers = {name.decode(): value.decode() for name, value in headers_of(id, now, entry)}
    Webhook(SECRET).verify(body, headers, json_parse=False)
    OPENAI.verify_signature(body, headers, secret=SECRET)


@given(
    id=ids,
    body=bodies,
    entry=st.one_of(
        st.binary(max_size=60).filter(lambda entry: b" " not in entry),
        st.binary(min_size=32, max_size=32).map(lambda digest: b"v1," + b64encode(digest)),
    ),
)
def test_what_the_others_refuse_we_refuse(id, body, entry):
    now = int(time.time())
    headers = headers_of(id, now, entry)
    with pytest.raises(NotSigned):
        verify(read_headers(headers), body, [KEY], tolerance=300, now=now)
    text = {name.decode(): value.decode("latin-1") for name, value in headers}
    with pytest.raises((WebhookVerificationError, ValueError, TypeError)):
        Webhook(SECRET).verify(body, text, json_parse=False)
    with pytest.raises((InvalidWebhookSignatureError, ValueError, TypeError)):
        OPENAI.verify_signature(body, text, secret=SECRET)


@pytest.mark.parametrize(("off", "taken"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_timestamp_may_be_off_by_the_tolerance(off, taken):
    signed = read_headers(headers_of("id", NOW, sign(KEY, b"id", str(NOW).encode(), b"{}")))
    if taken:
        verify(signed, b"{}", [KEY], tolerance=300, now=NOW + off)
    else:
        with pytest.raises(NotSigned, match="stale") as refused:
            verify(signed, b"{}", [KEY], tolerance=300, now=NOW + off)
        assert refused.value.status == 401


def test_any_of_several_keys_and_entries_counts():
    old, new = b"o" * 32, b"n" * 32
    entries = [sign(key, b"id", str(NOW).encode(), b"{}") for key in (old, new)]
    signed = read_headers(headers_of("id", NOW, b"v1a,other", *entries))
    for known in ([old], [new], [b"x" * 32, new]):
        verify(signed, b"{}", known, tolerance=300, now=NOW)
    with pytest.raises(NotSigned, match="signature"):
        verify(signed, b"{}", [b"x" * 32], tolerance=300, now=NOW)


@pytest.mark.parametrize(
    "entry",
    [b"v2,", b"V1,", b"v1a,", b"v1=", b"v1", b"v1,,", b"", b"v1,v1,"],
    ids=repr,
)
def test_another_version_of_the_right_signature_is_none(entry):
    right = sign(KEY, b"id", str(NOW).encode(), b"{}").removeprefix(b"v1,")
    with pytest.raises(NotSigned, match="signature"):
        verify(Signed(b"id", str(NOW).encode(), [entry + right]), b"{}", [KEY], tolerance=300, now=NOW)


def test_no_key_takes_nothing():
    signed = read_headers(headers_of("id", NOW, sign(b"", b"id", str(NOW).encode(), b"{}")))
    with pytest.raises(NotSigned):
        verify(signed, b"{}", [], tolerance=300, now=NOW)


@pytest.mark.parametrize(
    ("text", "keys", "words"),
    [
        ("", 0, []),
        (SECRET, 1, []),
        (f" {SECRET}\n{SECRET} ", 2, []),
        ("sk-something", 0, ["secret 1 does not begin with whsec_"]),
        ("whsec_", 0, ["is no base64"]),
        ("whsec_b2s=", 0, ["has 2 bytes; 24 are the least"]),
        (f"{SECRET} {SECRET[:-3]}", 1, ["in secret 2 is no base64: it was cut, or changed"]),
        ("whsec_" + "é" * 40, 0, ["is no base64"]),
    ],
)
def test_secrets_are_read_and_their_form_is_told_without_repeating_them(text, keys, words):
    found, problems = keys_of(text)
    assert len(found) == keys
    assert len(problems) == len(words)
    for problem, word in zip(problems, words, strict=True):
        assert word in problem
        assert not any(secret.removeprefix("whsec_") in problem for secret in text.split() if len(secret) > 10)
