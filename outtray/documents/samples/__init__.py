"""Documents to try Outtray with; `samples.py` writes them. All addresses are examples."""
