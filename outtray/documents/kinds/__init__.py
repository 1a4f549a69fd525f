"""One folder for each kind of document; `registry.py` lists them."""
