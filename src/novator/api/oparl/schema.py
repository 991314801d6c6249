"""Who decides, told to other systems: what OParl 1.1 says of each type, as data for the checker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA = "https://schema.oparl.org/1.1/"
VERSIONS = ("1.0", "1.1")


@dataclass(frozen=True)
class Field:
    """
    One property. `kind`: url, text, texts, date, moment, yes_no, number, geojson,
    ref (the address of an object), refs, object, objects, list (the address of a paged list).
    `to`: the type of what is referred to or held.
    """

    kind: str
    to: str = ""
    is_required: bool = False


def _fields(required: str = "", **facts: str) -> dict[str, Field]:
    """Facts as "kind" or "kind Type"; the names of required ones in one text."""
    needed = {"id", "type", *required.split()}
    shared = {
        "id": "url",
        "type": "text",
        "name": "text",
        "shortName": "text",
        "license": "url",
        "keyword": "texts",
        "created": "moment",
        "modified": "moment",
        "web": "url",
        "deleted": "yes_no",
    }
    found = {}
    for name, fact in (shared | facts).items():
        kind, _, to = fact.partition(" ")
        found[name] = Field(kind, to, name in needed)
    return found


TYPES: Mapping[str, Mapping[str, Field]] = {
    "System": _fields(
        "oparlVersion body", oparlVersion="url", otherOparlVersions="refs System",
        body="list Body", contactEmail="text", contactName="text", website="url", vendor="url",
        product="url",
    ),
    "Body": _fields(
        "name organization person meeting paper legislativeTerm", system="ref System",
        website="url", licenseValidSince="moment", oparlSince="moment", ags="text", rgs="text",
        equivalent="texts", contactEmail="text", contactName="text",
        organization="list Organization", person="list Person", meeting="list Meeting",
        paper="list Paper", legislativeTerm="objects LegislativeTerm",
        legislativeTermList="list LegislativeTerm", agendaItem="list AgendaItem",
        consultation="list Consultation", file="list File", locationList="list Location",
        membership="list Membership", classification="text", location="object Location",
    ),
    "LegislativeTerm": _fields("", body="ref Body", startDate="date", endDate="date"),
    "Organization": _fields(
        "", body="ref Body", membership="refs Membership", meeting="list Meeting",
        consultation="list Consultation", post="texts", subOrganizationOf="ref Organization",
        organizationType="text", classification="text", startDate="date", endDate="date",
        website="url", location="object Location", externalBody="ref Body",
    ),
    "Person": _fields(
        "", body="ref Body", familyName="text", givenName="text", formOfAddress="text",
        affix="text", title="texts", gender="text", phone="texts", email="texts",
        location="ref Location", locationObject="object Location", status="texts",
        membership="objects Membership", life="text", lifeSource="text",
    ),
    "Membership": _fields(
        "", person="ref Person", organization="ref Organization", role="text",
        votingRight="yes_no", startDate="date", endDate="date", onBehalfOf="ref Organization",
    ),
    "Meeting": _fields(
        "", meetingState="text", cancelled="yes_no", start="moment", end="moment",
        location="object Location", organization="refs Organization", participant="refs Person",
        invitation="object File", resultsProtocol="object File", verbatimProtocol="object File",
        auxiliaryFile="objects File", agendaItem="objects AgendaItem",
    ),
    "AgendaItem": _fields(
        "", meeting="ref Meeting", number="text", order="number", public="yes_no",
        consultation="ref Consultation", result="text", resolutionText="text",
        resolutionFile="object File", auxiliaryFile="objects File", start="moment", end="moment",
    ),
    "Paper": _fields(
        "", body="ref Body", reference="text", date="date", paperType="text",
        relatedPaper="refs Paper", superordinatedPaper="refs Paper",
        subordinatedPaper="refs Paper", mainFile="object File", auxiliaryFile="objects File",
        location="objects Location", originatorPerson="refs Person",
        underDirectionOf="refs Organization", originatorOrganization="refs Organization",
        consultation="objects Consultation",
    ),
    "Consultation": _fields(
        "", paper="ref Paper", agendaItem="ref AgendaItem", meeting="ref Meeting",
        organization="refs Organization", authoritative="yes_no", role="text",
    ),
    "File": _fields(
        "accessUrl", fileName="text", mimeType="text", date="date", size="number",
        sha1Checksum="text", sha512Checksum="text", text="text", accessUrl="url",
        downloadUrl="url", externalServiceUrl="url", masterFile="ref File",
        derivativeFile="refs File", fileLicense="url", meeting="refs Meeting",
        agendaItem="refs AgendaItem", paper="refs Paper",
    ),
    "Location": _fields(
        "", description="text", geojson="geojson", streetAddress="text", room="text",
        postalCode="text", subLocality="text", locality="text", bodies="refs Body",
        organizations="refs Organization", meetings="refs Meeting", papers="refs Paper",
        persons="refs Person", person="refs Person",
    ),
}  # fmt: skip
"""OParl 1.1 also makes `created` and `modified` compulsory for every type (its section 4.1)."""
DATED_SINCE = "1.1"
