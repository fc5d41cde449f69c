# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A server to try things on: `python -m neo4j_server FOLDER [PORT]` keeps its data in the folder; Ctrl-C ends it."""

import signal
import sys
from pathlib import Path

from neo4j_server import PASSWORD, USERNAME, VERSION, Missing, server


def main() -> int:
    """Run the server until a person ends it."""
    home, port = Path(sys.argv[1]).resolve(), int((*sys.argv[2:], "7687")[0])
    try:
        with server(home, port=port, keep=True, tiers=4) as running:
            print(f"Neo4j {VERSION} listens on {running.url} and keeps its data in {home}")
            print(f"export NEO4J_USERNAME={USERNAME} NEO4J_PASSWORD={PASSWORD}")
            print("Ctrl-C ends it", flush=True)
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except Missing as missing:
        print(f"error: {missing}", file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
