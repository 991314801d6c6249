"""Where the loop happens: names of the countries whose cities have cards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COUNTRIES = {
    "AM": _("Armenia"),
    "AT": _("Austria"),
    "AZ": _("Azerbaijan"),
    "BE": _("Belgium"),
    "BR": _("Brazil"),
    "BY": _("Belarus"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "CL": _("Chile"),
    "CN": _("China"),
    "CO": _("Colombia"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "GE": _("Georgia"),
    "IN": _("India"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "KG": _("Kyrgyzstan"),
    "KH": _("Cambodia"),
    "KR": _("South Korea"),
    "KZ": _("Kazakhstan"),
    "LT": _("Lithuania"),
    "LV": _("Latvia"),
    "MD": _("Moldova"),
    "MX": _("Mexico"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "RS": _("Serbia"),
    "RU": _("Russia"),
    "SE": _("Sweden"),
    "SG": _("Singapore"),
    "SI": _("Slovenia"),
    "SK": _("Slovakia"),
    "TR": _("Turkey"),
    "UA": _("Ukraine"),
    "US": _("United States"),
    "UZ": _("Uzbekistan"),
}


def country_name(code: str) -> str:
    """Name of a country in the language of the reader; its code where it is not listed."""
    return str(COUNTRIES.get(code, code))
