"""Extracts of the bureau's own business data as configured: which column is which, and what they are held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BusinessSource:
    """One extract (notice, five, three: 查阅业务数据). A row stands for a person when every column of ``where``
    holds one of its values; without any, every row does."""

    key: str
    title: str
    count: str
    """The roster count it is held against (``forms.yaml``)."""
    id_columns: tuple[str, ...]
    """What the column of ID numbers may be called."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    about: tuple[str, ...] = ()
    """Indicators for whose spot check the people count on whom the two disagree."""
