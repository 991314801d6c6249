"""Every kind of page, once; a page that is added to the site is added here."""

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
    "topics/transport/",
    "cities/",
    "cities/glazov/",
    "about/",
    "method/",
    "open-data/",
)
