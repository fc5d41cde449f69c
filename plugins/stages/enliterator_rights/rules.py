# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the user states with `--rights`: `own`, an SPDX expression, or a TOML file of rules.

`own` and an expression speak for every source that nothing in the sources speaks for. A rule speaks for the paths it
names, whatever the sources say; of several that name a path, the last speaks. All its keys but `path` are optional,
and what it does not say stays as it was found::

    [[rule]]
    path = "interviews/**"          # or a list; `*` stays within a folder, `**` does not
    license = "CC-BY-NC-4.0"        # an SPDX expression, or "own"
    holder = "Kubebi Society"
    trainable = true                # a permission of the user's own, beyond or below the licence
    publishable = false
    embargo = "2027-06-01"          # until this day nothing is used: both flags are off while the rule says so
"""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from enliterator_core import ConfigurationError, Problem, Rights, UsageError
from enliterator_rights.expressions import allowed, normalized

OWN: Final = "LicenseRef-own"
_KEYS: Final = {
    "path": (str, list),
    "license": (str,),
    "holder": (str,),
    "trainable": (bool,),
    "publishable": (bool,),
    "embargo": (str, date),
}
_HINT: Final = "say own, an SPDX expression such as CC-BY-4.0, or name a TOML file of rules"


def pattern(glob: str) -> re.Pattern[str]:
    """Return what a path glob matches: `*` within a folder, `**` across folders, `\\` takes the next one as it is."""
    out, position = "", 0
    while position < len(glob):
        if glob.startswith("**/", position):
            out, position = out + "(?:.*/)?", position + 3
        elif glob.startswith("**", position):
            out, position = out + ".*", position + 2
        elif glob[position] == "*":
            out, position = out + "[^/]*", position + 1
        else:
            position += glob[position] == "\\" and position + 1 < len(glob)
            out, position = out + re.escape(glob[position]), position + 1
    return re.compile(out + r"\Z", re.DOTALL)


@frozen
class Rule:
    """One rule of a rules file."""

    patterns: tuple[re.Pattern[str], ...]
    license: str | None = None
    holder: str | None = None
    trainable: bool | None = None
    publishable: bool | None = None
    embargo: str | None = None

    def apply(self, found: Rights) -> Rights:
        """Return the rights that the rule makes of what was found."""
        rights = found
        if self.license is not None:
            rights = stated(self.license, "a rules file")
        if self.holder is not None:
            rights = evolve(rights, holder=self.holder)
        elif rights.holder is None:
            rights = evolve(rights, holder=found.holder)
        flags = {"trainable": self.trainable, "publishable": self.publishable}
        said = {name: flag for name, flag in flags.items() if flag is not None}
        if said:
            permits = any(said.values())
            words = ", ".join(f"{name} = {str(flag).lower()}" for name, flag in said.items())
            rights = evolve(
                rights,
                trainable=said.get("trainable", rights.trainable),
                publishable=said.get("publishable", rights.publishable),
                statement=rights.statement or f"a rules file: {words}",
            )
            if rights.quarantined and permits:
                rights = evolve(rights, quarantined=False, basis="statement", confidence=1.0)
            rights = evolve(rights, reason=None if rights.trainable and rights.publishable else f"a rule says {words}")
        if self.embargo is not None:
            reason = f"under embargo until {self.embargo}"
            rights = evolve(rights, embargo=self.embargo, trainable=False, publishable=False, reason=reason)
        return rights


@frozen
class Stated:
    """Everything that the user states: rights for what nothing speaks for, or rules."""

    default: Rights | None = None
    rules: tuple[Rule, ...] = ()

    def of(self, path: str, found: Rights) -> Rights:
        """Return the rights of a path, given what the sources say of it."""
        rule = next((one for one in reversed(self.rules) if any(p.match(path) for p in one.patterns)), None)
        return rule.apply(found) if rule is not None else found


def stated(license: str, by: str) -> Rights:
    """Return the rights under a licence (normalized, or OWN) that a person states."""
    if license == OWN:
        reason = "the user's own work: nothing says that it may be published"
        return Rights(OWN, f"{by} says: own work", None, "statement", 1.0, False, True, None, False, reason)
    may = allowed(license)
    return Rights(
        license,
        f"{by} says: {license}",
        None,
        "statement",
        1.0,
        may.publishable,
        may.trainable,
        None,
        not may.known,
        may.reason,
    )


def read(statement: str | None) -> Stated:
    """Return what a `--rights` argument states; raise UsageError or ConfigurationError for what is no statement."""
    if statement is None:
        return Stated()
    if statement == "own":
        return Stated(stated(OWN, "the user"))
    if statement.endswith(".toml") or Path(statement).is_file():
        return Stated(rules=_rules(Path(statement)))
    expression = normalized(statement)
    if expression is None:
        raise UsageError(f"--rights {statement!r} is neither an SPDX expression nor a file", hint=_HINT)
    return Stated(stated(expression, "the user"))


def _rules(file: Path) -> tuple[Rule, ...]:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the rules file {file} cannot be read: {error.strerror or error}", hint=_HINT) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(str(file), [Problem("", f"not valid TOML: {error}")]) from error
    problems = [Problem(key, "unknown key; rules stand under [[rule]]") for key in data if key != "rule"]
    rows = data.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigurationError(str(file), [*problems, Problem("rule", "write [[rule]]: an array of tables")])
    rules = [_rule(f"rule[{number}]", row, problems) for number, row in enumerate(rows)]
    if problems:
        raise ConfigurationError(str(file), problems)
    return tuple(rules)


def _rule(place: str, row: dict[str, Any], problems: list[Problem]) -> Rule:
    before = len(problems)
    for key, value in row.items():
        if key not in _KEYS:
            problems.append(Problem(f"{place}.{key}", f"unknown key; known are {', '.join(_KEYS)}"))
        elif not isinstance(value, _KEYS[key]):
            problems.append(Problem(f"{place}.{key}", f"{value!r} has the wrong type"))
    globs = row.get("path", [])
    globs = globs if isinstance(globs, list) else [globs]
    if not globs or not all(isinstance(one, str) for one in globs):
        problems.append(Problem(f"{place}.path", "is required: a glob, or a list of them"))
    words = row.get("license")
    license = OWN if words == "own" else normalized(words) if isinstance(words, str) else None
    if isinstance(words, str) and license is None:
        problems.append(Problem(f"{place}.license", f"{words!r} is neither an SPDX expression nor own"))
    embargo = row.get("embargo")
    if embargo is not None:
        try:
            embargo = date.fromisoformat(str(embargo)).isoformat()
        except ValueError:
            problems.append(Problem(f"{place}.embargo", f"{embargo!r} is no date such as 2027-06-01"))
    if len(problems) > before:
        return Rule(())
    flags = (row.get("trainable"), row.get("publishable"))
    return Rule(tuple(pattern(one) for one in globs), license, row.get("holder"), *flags, embargo)
