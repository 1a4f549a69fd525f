"""One module for each provider: its particular words and codes, and the steps that help there."""
