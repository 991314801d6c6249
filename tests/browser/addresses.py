"""Every kind of page, once; a page that is added to the site is added here."""

DRAFT = "11111111-1111-4111-8111-111111111111"

PAGES = (
    "",
    "search/",
    "search/?q=мёрзнут на остановках зимой&city=Зарчный",
    "search/?has_numbers=1&order=cost",
    "search/?topic=roads",
    "practices/glazov-warm-stops/?q=холодно",
    "practices/zarechny-lamps/?thanks=1",
    "compare/",
    "compare/?id=glazov-warm-stops&id=zarechny-lamps&id=stary-bor-bins",
    "accessibility/",
    "nowhere/",
    "practices/",
    "problems/",
    "problems/77/",
    "cities/glazov/problems/",
    "topics/transport/",
    "topics/transport/?order=cost",
    "cities/",
    "cities/?map=world",
    "cities/?q=Глозов",
    "cities/glazov/",
    "about/",
    "method/",
    "open-data/",
    "account/login/",
    "account/signup/",
    "account/password/reset/",
    "account/password/reset/done/",
    "account/confirm-email/",
    "personal-data/",
    "exchange/",
    "requests/",
    "contests/",
    "practices/glazov-warm-stops/questions/",
)

# Pages of signed-in people: the role in which they are opened (of Glazov, or of the association)
# and the address, with {me} for the number of that person; a page that is added for signed-in
# people is added here.
SIGNED_IN_PAGES = (
    ("reports_officer", "work/glazov/problems/"),
    ("reports_officer", "work/glazov/problems/new/"),
    ("reports_officer", "work/problems/77/"),
    ("editor", "work/problems/77/ask/"),
    ("editor", "my/drafts/"),
    ("editor", "my/drafts/new/"),
    ("editor", "my/cards/"),
    *(
        ("editor", f"my/drafts/{DRAFT}/{step}/")
        for step in ("problem", "before", "done", "people", "money", "result", "lessons")
    ),
    *(
        ("editor", f"my/drafts/{DRAFT}/{step}/")
        for step in ("copying", "files", "words", "english", "check", "preview")
    ),
    ("editor", "practices/glazov-warm-stops/correct/"),
    ("head", "my/drafts/left/"),
    ("head", f"my/drafts/{DRAFT}/check/"),
    ("office", "practices/glazov-warm-stops/city/?words=Заречный"),
    ("editor", "exchange/"),
    ("office", "exchange/"),
    ("editor", "my/talk/"),
    ("editor", "requests/new/"),
    ("editor", "practices/zarechny-lamps/ask/"),
    ("office", "office/talk/"),
    ("head", "account/"),
    ("head", "account/details/"),
    ("head", "account/email/"),
    ("head", "account/password/change/"),
    ("head", "account/second-factor/"),
    ("head", "account/sessions/"),
    ("head", "account/logout/"),
    ("head", "account/reauthenticate/"),
    ("head", "cities/glazov/team/"),
    ("editor", "cities/glazov/team/"),
    ("editor", "following/"),
    ("editor", "follow/?kind=topic&key=transport"),
    ("office", "office/letters/"),
    ("office", "office/neighbours/"),
    ("office", "account/"),
    ("office", "account/second-factor/"),
    ("office", "office/"),
    ("office", "office/people/"),
    ("office", "office/history/"),
    ("office", "office/history/accounts.user/{me}/"),
)
