"""The errors that a user can mend.

    BilateralError
      ConfigError      a file is wrong: edit it
      SourceError      one source failed; the others go on
        FetchError     no usable answer; may be tried again
        ParseError     an answer came, not in the form expected
      WarehouseError   the database cannot be opened or migrated
      DeliveryError    an alert could not be handed to its channel; it may be tried again

Every message names where, what was read, and what is allowed. All of them pickle, since Prefect pickles them.
"""

from __future__ import annotations


class BilateralError(Exception):
    """The root of the tree: one line on stderr, exit code 1."""


class ConfigError(BilateralError):
    """A file is wrong; `mistakes` lists all that is wrong with it, one line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes

    def __str__(self) -> str:
        return "\n".join(self.mistakes)


class SourceError(BilateralError):
    """One source failed; `state` is a code of `fetch_state`."""

    def __init__(self, source: str, message: str, state: str = "bad_content") -> None:
        super().__init__(source, message, state)
        self.source, self.message, self.state = source, message, state

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


class FetchError(SourceError):
    """No usable answer came; it may be tried again."""


class ParseError(SourceError):
    """An answer came, not in the form that was expected."""


class WarehouseError(BilateralError):
    """The database cannot be opened or migrated."""


class DeliveryError(BilateralError):
    """An alert could not be handed to its channel; neither part of it holds the channel's address."""

    def __init__(self, channel: str, message: str) -> None:
        super().__init__(channel, message)
        self.channel, self.message = channel, message

    def __str__(self) -> str:
        return f"channel {self.channel}: {self.message}"
