"""Customer statements: what an account began with, what moved it, and how it stands."""
