"""The entry of the program: Ctrl-C ends it without a traceback, also while its modules are still being imported."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; an error that a user can mend is said in lines, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bilateral.errors import BilateralError
    from flows.commands import app
    from flows.show import mistake

    signal.signal(signal.SIGINT, signal.default_int_handler)  # what is at work may end tidily
    try:
        app()
    except BilateralError as error:
        mistake(error)
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main()
