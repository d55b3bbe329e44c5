"""`watchfire` and `python -m service`."""

import sys

from service.cli import run


def main() -> None:
    """Run the command line; exit codes are those of `service.errors`."""
    sys.exit(run())


if __name__ == "__main__":
    main()
