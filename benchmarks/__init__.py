"""What is measured, and never tested: times depend on the machine and its neighbours.

    python -m benchmarks [name ...]

Each module measures one thing in a process and a data folder of its own, and prints JSON.
"""
