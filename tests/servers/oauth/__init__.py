"""A real OAuth server (oidc-provider), which speaks as Google does and as Microsoft does.

`server.py` starts it and tells it what shall go wrong; `walking.py` goes through its pages as
a person does with a browser.
"""
