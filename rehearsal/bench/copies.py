"""A finished campaign as that of a county many times larger: its rows copied, since playing it would take hours."""

from __future__ import annotations

from actions.lookup import campaign_of
from config.frozen import freeze
from records.copies.enlarge import multiply
from records.schema.migrate import migrate
from records.store import Store, open_engine
from rehearsal.larger_county import enlarge


def multiply_house(ours: Store, url: str, *, campaign_id: str, times: int) -> int:
    """Fill the empty database at ``url`` with ``times`` counties of the campaign; how many rows it has then.

    The people on rosters, the files and the audit log are there once (records.copies.enlarge).
    """
    with ours.reading() as session:
        campaign = campaign_of(session, campaign_id)
    larger = open_engine(url)
    try:
        migrate(larger)
        counts = multiply(
            ours.engine,
            larger,
            county=campaign.county_code,
            times=times,
            frozen={campaign.id: freeze(enlarge(campaign, times))},
        )
    finally:
        larger.dispose()
    return sum(counts.values())
