"""The command line: the first people of the office, and whoever lost the way in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from novator.cli.setting_up import Refused, ended_with_message, ready_database
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from novator.accounts.models import Role
    from novator.cities.models import Municipality

account_app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="E-mail address of the person.")]
Kind = Annotated[str, typer.Argument(help="Role: office, moderator, head, editor and so on.")]
City = Annotated[str | None, typer.Option(help="Its id in the addresses of the site.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder of the data.")]


class CannotName(Refused):
    """The role was not given or ended; the message says why."""


@account_app.callback()
def account_group() -> None:
    """People and their roles."""


@account_app.command("grant")
@ended_with_message
def grant_command(
    email: Email,
    kind: Kind,
    city: City = None,
    until: Annotated[datetime | None, typer.Option(help="Last day.", formats=["%Y-%m-%d"])] = None,
    data_dir: DataDir = None,
) -> None:
    """Give a role; whoever has no account is invited and gets a letter."""
    with _ready(data_dir):
        from django.conf import settings
        from django.utils import timezone
        from django.utils.translation import gettext as _

        from novator.accounts.granting import give_role_to_address
        from novator.accounts.models import ROLES, Role
        from novator.accounts.operations import CannotGrant

        if kind not in ROLES:
            known = ", ".join(ROLES)
            raise CannotName(
                _("There is no role “%(kind)s”; there are: %(known)s.")
                % {"kind": kind, "known": known}
            )
        try:
            done = give_role_to_address(
                email=email,
                kind=kind,
                municipality=_city(city),
                on=timezone.localdate(),
                site=settings.SITE_ADDRESS,
                language=terminal_language(),
                ends_on=until.date() if until else None,
            )
        except CannotGrant as refusal:
            raise CannotName(str(refusal)) from refusal
        typer.echo(
            _("The role is given; a letter tells of it.")
            if isinstance(done, Role)
            else _("There is no account with this address yet: invited by a letter.")
        )


@account_app.command("list")
@ended_with_message
def list_command(
    city: City = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, one object a line.")] = False,
    data_dir: DataDir = None,
) -> None:
    """List the roles in force: of the association, or of one city."""
    with _ready(data_dir):
        from django.utils import timezone

        from novator.accounts.queries import roles_on

        roles = roles_on(timezone.localdate()).filter(municipality=_city(city))
        for role in roles.select_related("user"):
            typer.echo(_line(role, as_json=as_json))


@account_app.command("end")
@ended_with_message
def end_command(email: Email, kind: Kind, city: City = None, data_dir: DataDir = None) -> None:
    """End a role at once."""
    with _ready(data_dir):
        from django.utils import timezone
        from django.utils.translation import gettext as _

        from novator.accounts.operations import CannotEnd, end_role
        from novator.accounts.queries import roles_on

        held = roles_on(timezone.localdate()).filter(
            user__email=email.strip().lower(), kind=kind, municipality=_city(city)
        )
        role = held.first()
        if role is None:
            raise CannotName(_("This person does not hold this role."))
        try:
            end_role(role=role, ended_by=None, at=timezone.now())
        except CannotEnd as refusal:
            raise CannotName(str(refusal)) from refusal
        typer.echo(_("The role has ended."))


@contextmanager
def _ready(data_dir: Path | None) -> Iterator[None]:
    """A database, and Django speaking the language of the terminal."""
    with ready_database(data_dir):
        from django.utils.translation import override

        with override(terminal_language()):
            yield


def _city(slug: str | None) -> Municipality | None:
    from django.utils.translation import gettext as _

    from novator.cities.models import Municipality

    if slug is None:
        return None
    found = Municipality.objects.filter(slug=slug).first()
    if found is None:
        raise CannotName(_("There is no city with the id “%(slug)s”.") % {"slug": slug})
    return found


def _line(role: Role, *, as_json: bool) -> str:
    facts: dict[str, Any] = {
        "email": role.user.email,
        "name": role.user.name,
        "role": role.kind,
        "starts_on": role.starts_on,
        "ends_on": role.ends_on,
    }
    if as_json:
        return json.dumps(facts, ensure_ascii=False, default=date.isoformat)
    return "\t".join(str(value or "") for value in facts.values())
