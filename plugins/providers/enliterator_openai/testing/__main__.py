# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Run the stand-in alone: ``python -m enliterator_openai.testing --port 8099``, until interrupted."""

import argparse
import sys
import time

from enliterator_openai.testing import SECRET, Sender, stand_in


def main() -> None:
    """Serve until interrupted; the first line on stdout is the address for ``base_url``."""
    parser = argparse.ArgumentParser(description="A stand-in for the paid API: nothing is trained, nothing is paid.")
    parser.add_argument("--port", type=int, default=0, help="a loopback port; any free one by default")
    parser.add_argument("--model", action="append", default=[], help="a base model's name; may be given again")
    parser.add_argument("--key", default="a-key-for-tests", help="the key that it takes")
    parser.add_argument("--webhook", help="where signed webhooks go")
    parser.add_argument("--webhook-secret", default=SECRET, help="whsec_..., what they are signed with")
    given = parser.parse_args()
    sender = Sender(given.webhook, given.webhook_secret) if given.webhook else None
    models = given.model or ["small", "large"]
    with stand_in(port=given.port, models=models, key=given.key, webhooks=sender) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
