# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets and e-mail addresses: found in any text, and masked character for character so that positions stay true.

Keys and tokens are told by the forms that their makers gave them, other secrets by what they are assigned to and by how
little they look like words. What only looks like a secret is left alone: digests, identifiers, names of variables,
templates in braces, and the examples that documentation is full of (`changeme`, `xxxx`, `your-token`).
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import frozen

MASK: Final = "█"


@frozen
class Finding:
    """One thing that must not be used: its ``kind`` and where it stands in the text."""

    kind: str
    start: int
    end: int


# Each form is tried only where one of its literal beginnings stands: those are found many times faster.
_FORMS: Final = (
    ("private key", "-----BEGIN ",
     r"-----BEGIN [A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?-----(?P<secret>(?:[^-]|-(?!----)){1,100000})"),
    ("AWS key", "AKIA ASIA", r"(?<![A-Z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])"),
    ("Google key", "AIza GOCSPX- ya29.", r"(?<!\w)(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,500})(?![\w-])"),
    ("Azure key", "AccountKey= SharedAccessKey= ?sig= &sig=", r"[?&\w]+=(?P<secret>[A-Za-z0-9+/%]{30,200}={0,2})"),
    ("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
     r"(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255})(?!\w)"),
    ("GitLab token", "glpat- gldt- glrt- glptt-", r"(?<!\w)gl[a-z]{2,3}-[\w-]{20,255}"),
    ("Slack token", "xox hooks.slack.com/",
     r"(?<!\w)xox[abeoprs]-[\w-]{10,255}|hooks\.slack\.com/(?:services|workflows)/(?P<secret>[\w/-]{20,255})"),
    ("Stripe key", "sk_live_ rk_live_ pk_live_ sk_test_ rk_test_ pk_test_ whsec_",
     r"(?<!\w)(?:[spr]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[\w+/=]{24,255})"),
    ("API key", "sk- hf_ gsk_ xai- r8_",
     r"(?<![\w-])(?:sk-(?=[\w-]{0,250}\d)[\w-]{20,250}|(?:hf|gsk|r8)_[A-Za-z0-9]{30,120}"
     r"|xai-[A-Za-z0-9]{40,120})(?![\w-])"),
    ("service token", "SG. SK dckr_ :AA",
     r"(?<!\w)(?:SG\.[\w-]{16,64}\.[\w-]{16,64}|SK[0-9a-f]{32}(?!\w)|dckr_[\w-]{20,100})"
     r"|(?<=\d{8}):AA[\w-]{33}(?![\w-])"),
    ("npm token", "npm_", r"(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)"),
    ("PyPI token", "pypi-", r"(?<!\w)pypi-[\w-]{50,500}"),
    ("JSON web token", "eyJ", r"(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{8,8000}\.[\w-]{0,2000}"),
    ("password in a URL", "://",
     r"://[^\s:/@\"'<>{}$%]{0,100}:(?!(?:pass(?:word|wd)?|pw|secret|x+|\*+)@)"
     r"(?P<secret>[^\s/@\"'<>{}$]{2,200})@[\w.\[-]"),
    ("token", "Bearer bearer", r"[Bb]earer[ \t]{1,4}(?P<guess>[\w.~+/-]{20,500}={0,2})"),
    ("password", "passw Passw PASSW passphrase PASSPHRASE pwd PWD", "assigned"),
    ("secret", "secret Secret SECRET token Token TOKEN api_key API_KEY api-key API-KEY Api-Key apikey apiKey ApiKey"
     " APIKEY access_key ACCESS_KEY accessKey AccessKey credential CREDENTIAL private_key PRIVATE_KEY privateKey",
     "assigned"),
)  # fmt: skip
# What follows such a name: `..._id": "VALUE"`, ` = VALUE`, `: str = 'VALUE'`.
_ASSIGNED: Final = (
    r"[\w-]{2,40}[\"'\]]{0,2}[ \t]{0,20}(?::[ \t]*str[ \t]*)?(?::=|=>|=|:)[ \t]{0,20}"
    r"(?:(?P<quote>[\"'`])(?P<quoted>[^\s\"'`█]{6,200})(?P=quote)"
    r"|(?P<guess>[^\s\"'`,;<>(){}\[\]$█]{6,200}))"
)
_COMPILED: Final = tuple(
    (kind, starts.split(), re.compile(_ASSIGNED if form == "assigned" else form)) for kind, starts, form in _FORMS
)
#: every literal that a secret can begin with, and whether it is the name of what a secret is assigned to
BEGINNINGS: Final = tuple((start, form == "assigned") for _, starts, form in _FORMS for start in starts.split())

_EXAMPLE: Final = re.compile(
    r"example|change.?me|your|redacted|xxx|\*\*\*|\.\.\.|none|null|true|false|environ|config|settings|self\.|getpass",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"sample|dumm[iy]|secret|passw|token|api.?key|test|fake|string|value|request", re.IGNORECASE)
_TEMPLATE: Final = re.compile(r"[${<%].*[}>)]|\$|%[sd(]|.*[({\[]")
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DIGEST: Final = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{128})", re.IGNORECASE)
_BREAK: Final = re.compile(r"[._:/-]+")
_WORD: Final = re.compile(r"[A-Za-z]*\d{0,4}")
_KINDS: Final = tuple(re.compile(kind) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[^\w]"))

_LOCAL_BACKWARDS: Final = re.compile(r"[\w%+-][\w.%+-]{0,63}")
_DOMAIN: Final = re.compile(r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w@-]|\.\w)")
_NO_DOMAIN: Final = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".css", ".js", ".json", ".service")


def _is_secret(value: str, kind: str, quoted: bool) -> bool:
    """Say whether a value that is assigned to something secret is more than a word, a name or an example."""
    if _UUID.fullmatch(value) or _EXAMPLE.search(value) or _TEMPLATE.match(value):
        return False
    kinds = sum(bool(one.search(value)) for one in _KINDS)
    if kind == "password" and quoted:
        return kinds >= 2 and not value.replace("_", "").replace("-", "").replace(".", "").isalpha()
    if all(_WORD.fullmatch(part) for part in _BREAK.split(value)):
        return False  # names, however they are joined, and numbers
    if kind == "password":
        return kinds >= 3
    if _DIGEST.fullmatch(value):
        return True  # under such a name, hexadecimal digits are a key
    entropy = -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())
    return len(value) >= 16 and kinds >= 2 and entropy >= 3.3 and not _WORDS.search(value)


def _secrets(text: str) -> Iterator[Finding]:
    for kind, starts, form in _COMPILED:
        for start in starts:
            position = text.find(start)
            while position >= 0:
                found = form.match(text, position)
                position = text.find(start, found.end() if found else position + len(start))
                if found is None:
                    continue
                group = next((name for name in ("secret", "quoted", "guess") if found.groupdict().get(name)), 0)
                if group in (0, "secret") or _is_secret(found[group], kind, group == "quoted"):
                    yield Finding(kind, *found.span(group))


def _addresses(text: str) -> Iterator[Finding]:
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        local = _LOCAL_BACKWARDS.match(text[max(0, at - 64) : at][::-1]) if domain else None
        if domain and local and not domain[0].lower().endswith(_NO_DOMAIN):
            start = at - len(local[0].rstrip("."))
            before = text[max(0, start - 200) : start]
            in_url = before.endswith(("/", ":")) and "://" in before.split()[-1]
            if text[start:at] != "git" and not in_url:
                yield Finding("e-mail", start, domain.end())
        at = text.find("@", at + 1)


def find_secrets(text: str) -> list[Finding]:
    """Return every secret and e-mail address in the text, in order, none overlapping another."""
    apart: list[Finding] = []
    for one in sorted([*_secrets(text), *_addresses(text)], key=lambda one: (one.start, -one.end)):
        if apart and one.start < apart[-1].end:
            apart[-1] = Finding(apart[-1].kind, apart[-1].start, max(apart[-1].end, one.end))
        else:
            apart.append(one)
    return apart


def mask(text: str) -> tuple[str, list[Finding]]:
    """Return the text with every finding masked, of the same length, and the findings; line breaks stay."""
    found, parts, position = find_secrets(text), list[str](), 0
    for one in found:
        parts += (text[position : one.start], re.sub(r"[^\r\n]", MASK, text[one.start : one.end]))
        position = one.end
    return "".join([*parts, text[position:]]) if found else text, found
