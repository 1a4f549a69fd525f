"""Settings, URLs and logging. `env.py` alone reads the environment."""
