"""Bill payment advices: which bills of a vendor a payment of ours settles."""
