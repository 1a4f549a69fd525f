"""Lets `python -m outtray` do what the `outtray` command does."""

from outtray.cli.main import main

if __name__ == "__main__":
    main()
