"""The command: `splitbrain`, and `python -m splitbrain`."""

from __future__ import annotations

from splitbrain import claim


def main() -> None:
    """Run the command, with our own packages whatever Python's path begins with."""
    claim()
    from checker.cli.main import main as command

    command()


if __name__ == "__main__":
    main()
