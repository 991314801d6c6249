"""Who may do what: users, their roles in a municipality or in the association, their consents."""
