"""The writer's database opened for one command: nobody else writes meanwhile, and what changed is published."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bilateral.errors import BilateralError
from bilateral.sources import Archive
from flows import processes
from flows.embedded import only_one
from flows.place import Place
from warehouse.warehouse import Warehouse

PATIENCE = 60.0  # seconds to wait for a run


@dataclass(frozen=True)
class Writing:
    """What a command writes to."""

    place: Place
    warehouse: Warehouse
    archive: Archive


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Keep runs of this home away; BilateralError when one does not end in time."""
    processes.sweep(place.home)
    os.environ.update(processes.marks(place.home))
    with only_one(place.home, wait=PATIENCE):
        yield


@contextmanager
def writing(place: Place) -> Iterator[Writing]:
    """Open what there is; at the end the copy that people read is made anew if something changed."""
    if not place.writer.is_file():
        raise BilateralError(
            f"{place.writer}: nothing has been loaded yet: `bilateral run` or `load` makes it"
        )
    with alone(place), Warehouse.open(place.writer) as warehouse:
        yield Writing(place, warehouse, place.archive())
        warehouse.publish(place.published)
