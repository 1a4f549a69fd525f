"""The `outtray` command. Commands hold arguments and one call."""
