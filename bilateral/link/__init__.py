"""Which reports tell of one happening, and what its reading is.

    link: reports → group (compare) → identify → read → parts → Linked

Pure: the reports are all that is looked at, in any order, and the groups are computed from scratch each time.
Stored event ids only name the groups.
"""

from bilateral.link.ask import gather, inherit, windows
from bilateral.link.explain import Apart, Decisions, Tie, explain
from bilateral.link.join import link

__all__ = ["Apart", "Decisions", "Tie", "explain", "gather", "inherit", "link", "windows"]
