"""Tables of people: accounts, sessions, invitations, tokens; when they log in is the host's time, never simulated."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Facts, Key


class PersonRow(Base):
    """Somebody with an account."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    roles: Mapped[list[str]]
    town_code: Mapped[str]
    conflicts: Mapped[list[str]]
    deputy: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="zh", server_default="zh")
    """In which they read their mails."""
    channel: Mapped[str] = mapped_column(default="", server_default="")
    """Of the installation: where what asks for something reaches them besides; empty: mail alone."""
    telephone: Mapped[str] = mapped_column(default="", server_default="")
    """At which they are called about what may be late; empty where nobody has said."""
    quiet_hours: Mapped[str] = mapped_column(default="", server_default="")
    """``21:00-07:30``: when they want to read nothing that can wait; ``off``: never, empty: as the county says."""


class CredentialRow(Base):
    """How a person proves who they are; without a row nobody logs in as them."""

    __tablename__ = "credential"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str]
    set_at: Mapped[datetime]
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    """True once a code made with the secret has come back."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code taken: none is taken twice."""
    last_at: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(default="", server_default="")
    """When and from where somebody was let in last as this person."""


class SessionRow(Base):
    """Somebody logged in at one browser; only the hash of the cookie's token is kept."""

    __tablename__ = "portal_session"
    __table_args__ = (Index("ix_portal_session_person_id", "person_id"),)
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    second_factor: Mapped[bool]
    """True once the one-time password has come; whether it must is said by the person's roles as they are now."""
    asks_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It must, whatever the roles: the person has added a telephone, or the installation asks it of everybody."""
    address: Mapped[str] = mapped_column(default="", server_default="")
    browser: Mapped[str] = mapped_column(default="", server_default="")
    """As it calls itself, cut short."""
    proved_at: Mapped[datetime | None]
    """When the password or the telephone's code was last given here."""
    last_at: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(default="", server_default="")
    """When and from where the person had logged in before this."""


class ThrottleRow(Base):
    """How often something was tried in the present window: a person's log-in, an address, a town's uploads."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    window_ends_at: Mapped[datetime]


class TokenRow(Base):
    """Lets a program act as a person through some doors until a day; only the token's hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_person_id", "person_id"),)
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """When it was last used, to the minute."""
    second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its person's roles asked for a one-time password when it was made."""


class InvitationRow(Base):
    """One invitation of one person; dead once it is used, replaced by a newer one, or expired."""

    __tablename__ = "invitation"
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[str]
    """A person's id, or ``system``."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]


class ProposalRow(Base):
    """A change of accounts that one person proposed and a second one confirms or declines, or that runs out."""

    __tablename__ = "proposal"
    id: Mapped[Key]
    kind: Mapped[str]
    """``people`` added or changed, somebody's ``return``, or a new ``device``."""
    concerns: Mapped[list[str]]
    """Ids of people; of those who are to be added too."""
    what: Mapped[str] = mapped_column(Text)
    """What it would do, in a sentence for each person."""
    facts: Mapped[Facts]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    """``open``, ``confirmed``, ``declined`` or ``expired``."""
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
