"""Programmes of a council term: their phases, sectors, plans and the sentences that figures cannot say."""
