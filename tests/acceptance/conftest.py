# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Wheels and environments that the acceptance tests share: made once, outside the repository."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_command(*command, cwd=None, code=0):
    """Run a command, and return what it did; its exit code must be the one expected."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="session", name="run")
def run_fixture():
    """The function that runs a command and holds it to its exit code."""
    return run_command


@pytest.fixture(scope="session", name="make_wheel")
def make_wheel_fixture():
    """The function that builds a project's wheel."""
    return build_wheel


def build_wheel(project, target):
    """Build a project's wheel with what is installed, so that nothing is fetched."""
    run_command(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, project)
    return next(Path(target).glob("*.whl"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of the project as it stands."""
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def fresh_environment(tmp_path_factory, wheel):
    """A virtual environment with the wheel; the libraries that it needs are the ones already here."""
    folder = tmp_path_factory.mktemp("environment")
    run_command(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    here = run_command(sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    there = run_command(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    borrow_libraries(Path(here), Path(there))
    run_command(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    return python


def borrow_libraries(here, there):
    """Link every installed library into another environment, but not this project, which the wheel brings."""
    for entry in here.iterdir():
        own = "enliterator" in entry.name.lower()
        if not own and not (there / entry.name).exists() and entry.suffix != ".pth":
            (there / entry.name).symlink_to(entry)
