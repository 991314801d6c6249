"""A citizen's report: the words that the script of the form shows."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Promise | str] = {
    "left": _("Characters left: %(number)s"),
    "tooLong": _("Too long by %(number)s characters."),
    "what": _("What is wrong?"),
    "noText": _("Say in a few words what is wrong."),
    "photos": _("Photos"),
    "photo": _("Photo %(number)s"),
    "blur": _("Blur faces, plates"),
    "blurred": _("blurred"),
    "dropPhoto": _("Leave out"),
    "noPhoto": _("%(name)s is no photo that this device can open. Taken are JPEG, PNG and WebP."),
    "tooManyPhotos": _("At most %(number)s photos are taken."),
    "blurTitle": _("Blur parts of the photo"),
    "blurHelp": _(
        "Draw over faces and number plates with a finger or the mouse. By keyboard: “Add an area”, "
        "arrows move it, Shift with arrows changes its size, Delete removes it."
    ),
    "blurAdd": _("Add an area"),
    "blurDone": _("Blur for good"),
    "blurCancel": _("Cancel"),
    "blurArea": _("Area %(number)s: arrows move it, Shift with arrows changes its size"),
    "blurRemoved": _("The area is removed."),
    "correct": _("Something has to be corrected"),
    "kept": _("What you typed is kept below; nothing was sent."),
    "notTaken": _("The site did not take the report. Load the page again and send once more."),
    "proposed": _("By your words it may be:"),
    "locating": _("Looking for your place …"),
    "located": _("Found, to about %(metres)s m. Move the pin if it stands wrong."),
    "locationRefused": _("The browser was not allowed to tell the place. Type the address."),
    "locationUnknown": _("The device knows no place now. Type the address."),
    "elsewhere": _("You are outside %(city)s now. Type the address of the place."),
    "near": _("Address found: %(address)s"),
    "addresses": _("Addresses found: %(number)s. The arrow down leads to them."),
    "nearer": _("Nearer"),
    "farther": _("Farther"),
    "pin": _("The place of the report"),
    "sending": _("Sending …"),
    "unknown": _(
        "The line broke, and we do not know whether the report arrived. Press again: it never "
        "becomes a second report."
    ),
    "noLine": _("There is no line now. The report is not sent yet."),
    "goesByItself": _(
        "It is kept on this device with its photos and goes out by itself when the line is back. "
        "You may close the page."
    ),
    "pressAgain": _("Keep this page open and press again when the line is back."),
    "again": _("Press again"),
    "takeBack": _("Do not send it"),
    "takenBack": _("It will not be sent by itself any more."),
    "waiting": _("Reports on this device that wait for the line: %(number)s."),
    "sentMeanwhile": _("Your report to %(city)s has been sent. Its number: %(number)s."),
    "sentPage": _("What comes next"),
    "close": _("Close"),
    "draft": _("This is your draft of %(when)s. It lies on this device alone, for seven days."),
    "dropDraft": _("Delete the draft"),
    "offline": _(
        "There is no line. Go on writing: it is kept on this device and sent when the line is back."
    ),
    "offlineBare": _("There is no line. Go on writing and send when the line is back."),
}


def report_words() -> dict[str, str]:
    """The words in the reader's language."""
    return {name: str(said) for name, said in _WORDS.items()}
