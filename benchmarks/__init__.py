"""Measurements: `make bench`. Ratios within one run; nothing here fails a build."""
