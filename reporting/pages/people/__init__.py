"""The pages of people: one's own account, and whom the administrator of users lets in."""
