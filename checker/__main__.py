"""`python -m checker` is the command `splitbrain`."""

from checker.cli.main import main

if __name__ == "__main__":
    main()
