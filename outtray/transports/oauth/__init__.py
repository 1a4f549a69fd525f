"""Signing in at Google and Microsoft by OAuth 2 (RFC 6749, RFC 9700), without Django.

`providers.py` is the table of both: addresses in each cloud, scopes for each transport.
`grants.py` has the grants: the code that a person brought back (with PKCE, RFC 7636), the
renewal, the application by itself with secret, certificate or service account, and the
revocation. Each answers `Granted` or a `Failure` at the stage TOKEN whose `identifier` is
Microsoft's AADSTS number or the standard's word ("invalid_grant"). `identity.py` says who
signed in.

What a transport is given: `Route.tokens` for the resources GRAPH, GMAIL and SMTP. In its
`Route.settings` stands "cloud", the name of the Microsoft cloud ("global" where no other was
chosen), for which `providers.graph_url(cloud)` knows Graph's address. Only for tests and the
demo there is also "endpoint", the address of a stand-in without a slash at its end.

Stand-ins are named by OUTTRAY_STAND_INS, which needs OUTTRAY_ALLOW_LOCAL:
`google=http://127.0.0.1:4000/google,microsoft=http://127.0.0.1:4000/microsoft,graph=...,
gmail=...`. In a test of one process `settings.STAND_INS = {"graph": "http://..."}` does it.

Start reading in `providers.py`, then `grants.py`.
"""
