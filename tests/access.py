"""
Who may open which route. Add every new route here: the test fails for one that is missing.

"public": anybody. "signed-in": whoever has an account; others are sent to sign in.
"role:…": signed in and in a role there; an editor of Stary Bor is refused (403, or 404 where even
the existence is private). After the colon stand the roles, for the reader.
A name that ends in "*" stands for all routes that begin so.
Where an example address needs more than the defaults of `EXAMPLES`, name its parts in `PARTS`.
"""

from __future__ import annotations

from typing import Any

ZERO = "00000000-0000-0000-0000-000000000000"

# By converter: what stands in an example address. Glazov and its card exist in the test.
EXAMPLES: dict[str, Any] = {"slug": "glazov", "int": 1, "uuid": ZERO, "string": "x", "path": "x"}

PARTS: dict[str, dict[str, Any]] = {
    "practice": {"slug": "glazov-warm-stops"},
    "helpful": {"slug": "glazov-warm-stops"},
    "topic": {"code": "transport"},
    "sitemap": {"part": "practices", "number": 1},
    "blank_form": {"kind": "docx"},
    "draft_step": {"public_id": ZERO, "code": "problem"},
    "draft_autosave": {"public_id": ZERO, "code": "problem"},
    "draft_act": {"public_id": ZERO, "act": "ask"},
    "card_correct": {"slug": "glazov-warm-stops"},
    "card_confirm": {"slug": "glazov-warm-stops"},
    "card_withdraw": {"slug": "glazov-warm-stops"},
    "card_city": {"slug": "glazov-warm-stops"},
    "record_history": {"kind": "accounts.role", "pk": "1"},
    "account_confirm_email": {"key": "none"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": {"provider_id": "sso"},
    "openid_connect_callback": {"provider_id": "sso"},
}

ACCESS: dict[str, str] = {
    # The site and its interfaces
    "healthz": "public",
    "api-1:*": "public",
    "front": "public",
    "sitemap": "public",
    "sitemap_index": "public",
    "robots": "public",
    # Reading
    "home": "public",
    "search": "public",
    "city_names": "public",
    "practice": "public",
    "helpful": "public",
    "compare": "public",
    "accessibility": "public",
    "appearance": "public",
    "catalogue": "public",
    "topic": "public",
    "cities": "public",
    "city_spots": "public",
    "city": "public",
    "about": "public",
    "method": "public",
    "data": "public",
    # Accounts
    "personal_data": "public",
    "account_login": "public",
    "account_logout": "public",
    "account_inactive": "public",
    "account_signup": "public",
    "account_email_verification_sent": "public",
    "account_confirm_email": "public",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "socialaccount_login_cancelled": "public",
    "socialaccount_login_error": "public",
    "openid_connect_login": "public",
    "openid_connect_callback": "public",
    "mfa_login_webauthn": "public",
    # These begin in the middle of signing in and lead back to its first page
    "account_confirm_login_code": "signed-in",
    "mfa_authenticate": "signed-in",
    "socialaccount_signup": "signed-in",
    "my_account": "signed-in",
    "account_details": "signed-in",
    "account_consents": "signed-in",
    "account_data": "signed-in",
    "account_erase": "signed-in",
    "account_reauthenticate": "signed-in",
    "account_email": "signed-in",
    "account_change_password": "signed-in",
    "account_set_password": "signed-in",
    "mfa_*": "signed-in",
    "usersessions_list": "signed-in",
    "socialaccount_connections": "signed-in",
    # Writing about the work of a city
    "my_drafts": "signed-in",
    "my_cards": "signed-in",
    "new_draft": "signed-in",
    "draft_from_file": "signed-in",
    "blank_form": "signed-in",
    "drafts_left": "role:head, approver, office",
    "draft": "role:writers of the city, moderator and office once it was released",
    "draft_preview": "role:writers of the city, moderator and office once it was released",
    "draft_similar": "role:writers of the city, moderator and office once it was released",
    "draft_step": "role:writers of the city, moderator and office once it was released",
    "draft_autosave": "role:writers of the city",
    "draft_act": "role:writers of the city; releasing: its head and approvers",
    "card_correct": "role:writers of the card's city",
    "card_confirm": "role:writers of the card's city",
    "card_withdraw": "role:head and approvers of the card's city",
    "card_city": "role:office",
    # Collections and papers for a meeting: private, so that others get 404
    "collections": "signed-in",
    "add_to_collection": "signed-in",
    "briefing_from_comparison": "signed-in",
    "collection_by_link": "public",
    "collection": "role:its owner, and with whom it is shared",
    "collection_export": "role:its owner, and with whom it is shared",
    "collection_edit": "role:its owner, and who may change it",
    "collection_remove": "role:its owner, and who may change it",
    "collection_sharing": "role:its owner, heads of the municipality with which it is shared",
    "collection_delete": "role:its owner, heads of the municipality with which it is shared",
    "briefing_begin": "role:who may change the collection",
    "briefing": "role:who may see the collection",
    "briefing_file": "role:who may see the collection",
    "briefing_edit": "role:who may change the collection",
    "briefing_delete": "role:who may change the collection",
    # People, roles, the office
    "team": "role:anybody of the city, office",
    "role_end": "role:head of the city, office, oneself",
    "invitation_withdraw": "role:head of the city, office",
    "office": "role:staff of the association",
    "office_people": "role:office",
    "history": "role:office",
    "record_history": "role:office",
}
