"""Who asks: an account with what it may do, or, where there are no accounts, the person at this machine."""

from __future__ import annotations

from dataclasses import dataclass

from archive.accounts import Account, Role, Scope

ALL = frozenset(Scope)


@dataclass(frozen=True)
class Viewer:
    """``account`` is None for the person at this machine, who may do everything."""

    account: Account | None
    scopes: frozenset[Scope] = ALL
    by_token: bool = False

    @property
    def id(self) -> str | None:
        return self.account.id if self.account else None

    @property
    def name(self) -> str:
        return self.account.name if self.account else ""

    @property
    def labs(self) -> tuple[str, ...]:
        return self.account.labs if self.account else ()

    @property
    def is_administrator(self) -> bool:
        return self.account is None or self.account.role is Role.ADMINISTRATOR

    @property
    def is_facilitator(self) -> bool:
        return self.is_administrator or (self.account is not None and self.account.role is Role.FACILITATOR)


LOCAL = Viewer(None)
