# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`make demo-train`: the whole loop of training, against a stand-in for the paid API; nothing is trained or paid.

Everything happens in a folder of its own, which is taken away at the end.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from enliterator_openai.testing import MODELS_FILE, stand_in

DOCS = Path(__file__).parent
LABEL = "THIS IS A STAND-IN for the paid API: nothing is trained, nothing is paid, losses and models are made up."

PLUGINS = """
[[plugin]]
module = "enliterator_openai"
settings = {{ base_url = "{url}", models_file = "{models}" }}
"""

COMMANDS = f"""
build {DOCS} --name docs --rights Apache-2.0
models
settings set model.training.base openai:small
settings set training.budget 5
dataset quote docs
train docs --yes
jobs watch
jobs show 1
deploy 1 --for all
status docs
rollback --for all
deployments
"""


def say(text: str) -> None:
    """Write one line, in its place among what the commands write."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run every command and return the first exit code that is not 0."""
    environment = {**os.environ, "OPENAI_API_KEY": "a-key-for-tests"}
    with TemporaryDirectory() as folder, stand_in() as server:
        (Path(folder) / "plugins.toml").write_text(PLUGINS.format(url=server.url, models=MODELS_FILE))
        say(LABEL)
        for command in COMMANDS.strip().splitlines():
            say(f"\n$ enliterator {command}")
            call = [sys.executable, "-m", "enliterator_core.cli", *shlex.split(command)]
            code = subprocess.run(call, cwd=folder, env=environment, check=False).returncode
            if code:
                return code
        say(f"\n{LABEL}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
