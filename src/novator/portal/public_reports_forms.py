"""A citizen's report: the forms on its public page and on the pages of its sender."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.portal.form_fields import long_text
from novator.reports.models.report import LONGEST_TEXT, MOST_PHOTOS
from novator.reports.numbers import key_of


class SeveralPhotos(forms.ClearableFileInput):
    """A control that takes several photos at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to three photos; what they are is checked where they are kept."""

    widget = SeveralPhotos(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Take one, several or none."""
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_PHOTOS:
            words = _("At most %(most)s photos are taken.")
            raise forms.ValidationError(words % {"most": MOST_PHOTOS})
        return [super(PhotosField, self).clean(one, initial) for one in files if one]


class WordsForm(forms.Form):
    """Words that the sender adds; the city reads them, not everybody."""

    text = long_text(
        gettext_lazy("What would you add?"),
        help_text=gettext_lazy("Only the city reads it."),
        longest=LONGEST_TEXT,
        rows=4,
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)


class RefuteForm(forms.Form):
    """What is not solved, in words or by photos."""

    text = long_text(
        gettext_lazy("What is not solved?"),
        required=False,
        help_text=gettext_lazy("Only the city reads it. A photo can say it as well."),
        longest=LONGEST_TEXT,
        rows=4,
    )
    photos = PhotosField(label=gettext_lazy("Photos of how it is now"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a verdict that says nothing."""
        cleaned = super().clean() or {}
        if not cleaned.get("text", "").strip() and not cleaned.get("photos"):
            self.add_error("text", _("Say in a few words, or show by a photo, what is not solved."))
        return cleaned


class AddressForm(forms.Form):
    """The address to which letters go."""

    all_required = True
    email = forms.EmailField(
        label=gettext_lazy("Address for letters"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class WishForm(forms.Form):
    """An address of somebody who supports or follows a report."""

    all_required = True
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("You confirm it by a letter. Nobody sees it."),
    )


class LookupForm(forms.Form):
    """The number of a report as somebody has it on paper."""

    all_required = True
    examples = {"number": "1234567-4"}
    number = forms.CharField(
        label=gettext_lazy("Number of the report"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> int:
        """Read the key; the check digit tells a slip from a report that is not there."""
        key = key_of(self.cleaned_data["number"])
        if key is None:
            raise forms.ValidationError(
                _(
                    "There is no such number: its last digit checks the others, and they do not "
                    "agree. One digit is wrong or two are swapped."
                )
            )
        return key
