# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The sources of the sample world: the handbook, log and tools of an invented beekeeping club, and their rights."""

from typing import Final

from enliterator_core.nouns import Rights, Time

SPRING: Final = """---
title: Spring work
date: 2024-03-01
---
# Spring work

Bee space is the gap of 6 to 9 millimetres that bees leave free. Bee space is embodied in the movable-frame hive.

A movable-frame hive is a stack of boxes whose frames can be lifted out. The brood box, also called the brood \
chamber, is the part of the movable-frame hive in which the queen lays. The super is the part of the movable-frame \
hive in which honey is stored. The queen excluder (QX) is a grid that keeps the queen out of the super. A queen cage \
is a small box in which a queen travels; it is not a queen excluder.

## Opening

1. Light the smoker: burn dry grass until the smoke is cool.
2. Open the hive: lift the roof in calm weather and smoke the entrance.
3. Read the frames: look for eggs, food and queen cells.

Light the smoker before you open the hive, and open the hive before you read the frames.

Gentle handling means slow hands and no knocks. Gentle handling is put into practice when you open the hive as above.
Opening the hive was tried at the first spring inspection, which confirmed it.

Feed syrup: give one part sugar to one part water when stores are low.
"""

SWARMING: Final = """# Swarming

Swarming is the way in which a colony divides. A colony is a queen with her workers and drones. Swarming and nectar \
flow are observed together: most swarms leave while nectar is plentiful. Nectar flow is the time in which plants \
give more nectar than the bees eat.

Split the colony: move five frames and the old queen to an empty hive. The swarming of a colony is worked against by \
this step, which is derived from the idea of swarming itself.

A swarm in a street is a risk to passers-by. The risk of a street swarm calls for the step "Report a swarm early".
Report a swarm early: ring the swarm line and stay with the bees.

The swarm line is the group of members who answer the telephone. Asking for help with a swarm is a request to the \
swarm line. Swarming is also treated in the chapter on mites.
"""

HEALTH: Final = """# Mites

Varroa infestation, or simply varroa, is the weakening of a colony by a mite. It must not be confused with tracheal \
mites, which live inside the bee. Varroa infestation calls for counting the mites every June.

Count the mites: shake three hundred bees in sugar and count what falls.

The sugar roll is a method that yields mite counts without killing bees. The mite count of June 2024 was produced by \
the sugar roll. It found two mites per hundred bees, which supports the idea of treating late.

Treating late is the idea that treatment waits until the honey is taken off. The step "Count the mites" is \
standardized by the sugar roll.

A mite count of May 2023, taken with an oil wash, speaks against treating late: it found eleven mites per hundred bees.
"""

LOG: Final = """# Log 2024

Mira Tolland and Jonas Reed are members of the Alder Vale Beekeeping Club (AVBC).

On 2 April we opened the hive for the first inspection of the year. Mira Tolland reported the first spring inspection.

The first spring inspection inspired the quiet-hands habit. The quiet-hands habit feeds back into gentle handling. \
The quiet-hands habit spread through the Alder Vale Beekeeping Club within one season.

The club apiary is at Mill Meadow. Mill Meadow lies next to Orchard Bank. The observation hive stands on Orchard Bank.

The observation hive gives visitors the wonder of the open brood nest.
"""

SCALE: Final = '''"""Reads the club's hive scale, which stands under one hive."""

import struct

from hive_bus import HiveBus

__author__ = "Jonas Reed"


def read_weight(bus: HiveBus) -> float:
    """Return the weight of the hive in kilograms."""
    return float(struct.unpack("<f", bus.read(4))[0])


def test_read_weight() -> None:
    """A raw reading of 20.5 comes back as kilograms."""
    assert read_weight(HiveBus.of(struct.pack("<f", 20.5))) == 20.5
'''

CHANGES: Final = """# Changes of the handbook

## 1.1 (2024-02-11)

Handbook 1.1 is the version of the Alder Vale handbook that tells swarming from supersedure.
Handbook 1.1 refines the idea of swarming. Handbook 1.1 follows handbook 1.0.

## 1.0 (2023-02-10)

Handbook 1.0 is the first printed version of the Alder Vale handbook. Mira Tolland wrote the Alder Vale handbook. \
The Alder Vale handbook belongs to the Alder Vale Beekeepers' Trust.

The Alder Vale handbook cites the sugar roll. AVBC is another name for the Alder Vale Beekeeping Club.
The Alder Vale handbook is offered under CC-BY-4.0.
"""

SURVEY: Final = """# Members' survey of yields

The yield of 2023 at Mill Meadow was 18 kilograms of honey per hive. The survey is for members; it may be used for
training and must not be published.
"""

LETTER: Final = """# From a breeder

The buckfast line from the northern valley should be crossed twice before its daughters are sold to any beginner.
"""

CAPTIONS: Final = """# Captions

A photograph of a queen marked blue, standing on the third frame of an old skep under the lime trees in July light.
"""

TRIAL: Final = """# Trial of late treatment

Eleven of forty colonies treated in November did not live to see the willow blossom of the following year.
"""

TRUST: Final = "Alder Vale Beekeepers' Trust"

RIGHTS: Final = {
    "ccby": Rights("CC-BY-4.0", "SPDX tag CC-BY-4.0", TRUST, "spdx tag", 1, True, True, None, False, None),
    "cc0": Rights("CC0-1.0", "CC0-1.0", "Mira Tolland", "reuse", 1, True, True, None, False, None),
    "members": Rights(
        "LicenseRef-Members", "may be used for training and must not be published", TRUST, "statement", 1,
        False, True, None, False, "its holder does not allow publication",
    ),
    "nd": Rights(
        "CC-BY-ND-4.0", "CC BY-ND 4.0", "Ilse Brandt", "license file", 0.9,
        True, False, None, False, "the licence does not allow adapted versions",
    ),
    "embargo": Rights(
        "CC-BY-4.0", "CC-BY-4.0 from 2031-01-01", "Hollin Institute", "front matter", 1,
        False, False, "2031-01-01", False, "under embargo until 2031-01-01",
    ),
    "none": Rights(),
}  # fmt: skip

MARKDOWN: Final = "text/markdown"

SOURCES: Final = (
    ("CHANGELOG.md", MARKDOWN, "ccby", Time("2024-02-11", "statement"), CHANGES),
    ("handbook/health.md", MARKDOWN, "ccby", Time(), HEALTH),
    ("handbook/spring.md", MARKDOWN, "ccby", Time("2024-03-01", "front matter"), SPRING),
    ("handbook/swarming.md", MARKDOWN, "ccby", Time("2023-05-20T10:00:00+02:00", "git"), SWARMING),
    ("letters/breeder.md", MARKDOWN, "none", Time(), LETTER),
    ("log/2024.md", MARKDOWN, "cc0", Time("2024-06-30", "front matter"), LOG),
    ("photos/captions.md", MARKDOWN, "nd", Time(), CAPTIONS),
    ("survey/yields.md", MARKDOWN, "members", Time("2023-11-04", "document property"), SURVEY),
    ("tools/hive_scale.py", "text/x-python", "cc0", Time("2024-04-18T19:30:00+02:00", "git"), SCALE),
    ("trial/late_treatment.md", MARKDOWN, "embargo", Time("2026-09-01", "statement"), TRIAL),
)
