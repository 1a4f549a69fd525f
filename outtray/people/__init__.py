"""Companies, persons, their roles, sessions and API keys.

Every row of Outtray belongs to a company. A person sees a company through a Membership,
and finding anything starts with `visible_to(membership)`.
"""
