"""What the API takes in, with an example of each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from archive.accounts import Role, Scope
from archive.model import CorrectionField, Method, Phase, SessionKind, Visibility
from fresque.session_words import PARTICIPANT

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Long = Annotated[str, StringConstraints(max_length=20_000)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Coordinate = Annotated[float, Field(ge=-100_000, le=100_000, allow_inf_nan=False)]
Spot = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
Names = Annotated[list[Name], Field(max_length=50)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OrganisationBody(Body):
    name: Name
    kind: Short = ""


class PersonBody(Body):
    name: Name
    role: Short = PARTICIPANT


class AgendaBody(Body):
    phase: Phase
    begins: datetime


class SessionBody(Body):
    """A session as people describe it; fields left out keep their value. What has a kind may be written as the flags
    of the commands are: ``"NAME=KIND"``, ``"2024-03-05 09:30 SCAN"``."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "Le congé parental", "lab": "Nantes", "start": "2024-03-05", "themes": ["famille"]}]
        },
    )
    title: Name | None = None
    kind: SessionKind | None = None
    method: Method | None = None
    lab: Short | None = None
    project: Short | None = None
    requesters: Annotated[list[Name | OrganisationBody], Field(max_length=50)] | None = None
    partners: Annotated[list[Name | OrganisationBody], Field(max_length=50)] | None = None
    people: Annotated[list[Name | PersonBody], Field(max_length=200)] | None = None
    start: date | None = None
    end: date | None = None
    agenda: Annotated[list[Name | AgendaBody], Field(max_length=200)] | None = None
    themes: Names | None = None
    languages: Names | None = None
    visibility: Visibility | None = None
    retention_until: date | None = None
    legal_basis: Short | None = None


class NewSession(SessionBody):
    title: Name
    id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = None


class UploadBody(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "IMG_2101.jpg", "size": 431221, "sha256": "0" * 64}]}
    )
    name: Name
    size: Annotated[int, Field(ge=0, le=2**40)]
    sha256: Digest


class CorrectionBody(Body):
    """``value``: four corners, a text, a phase; see the description of each field. ``anchor``: the line's outline."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"field": "phase", "value": "ACT"}]})
    field: CorrectionField
    value: Any
    anchor: Annotated[list[Spot], Field(max_length=200)] = []


class CommentBody(Body):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "La suite est au mur nord."}]})
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class SearchBody(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"title": "Guichets", "query": "?q=guichet&phase=ACT"}]}
    )
    title: Short = ""
    query: Annotated[str, StringConstraints(max_length=2000)]


class MembersBody(Body):
    accounts: Annotated[list[Name], Field(max_length=1000)]


class AccountBody(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "facilitator", "labs": ["Nantes"]}]}
    )
    name: Short | None = None
    role: Role | None = None
    labs: Names | None = None
    active: bool | None = None


class InvitationBody(Body):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "reader", "labs": ["Nantes"]}]})
    role: Role
    labs: Names = []


class PasswordBody(Body):
    old: Annotated[str, StringConstraints(max_length=500)]
    new: Annotated[str, StringConstraints(max_length=500)]


class TokenBody(Body):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "export", "scopes": ["read"]}]})
    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    until: datetime | None = None
