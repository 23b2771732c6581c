"""Who and where: projects, channels, members and what they prefer."""

import sqlalchemy as sa

from memory.store.tables.columns import added, metadata, moment, seq, text, words

projects = sa.Table(
    "projects",
    metadata,
    text("id", primary_key=True),
    text("name"),
    text("name_key", unique=True),
    text("root"),  # the folder its files live beneath
    moment("created_at"),
    moment("archived_at", nullable=True),
    sa.Column("sandbox", sa.Boolean, nullable=False, server_default=sa.false()),
    text("place_key", nullable=True),  # name_key of the place it was made for, if it was
    sa.Index("ix_projects_place_key", "place_key", unique=True),
)

channels = sa.Table(
    "channels",
    metadata,
    text("platform", primary_key=True),
    text("workspace", primary_key=True),
    text("channel", primary_key=True),
    text("project_id"),
    added("confirmed_by"),  # Identity.key, "system" where none was asked, "" if nobody
    added("chosen_in"),  # the place for which somebody chose this project, "" for none
)

members = sa.Table(
    "members",
    metadata,
    text("project_id", primary_key=True),
    text("person", primary_key=True),  # Identity.key
    words("display"),
    text("role"),
    moment("seen_at"),
    added("standing"),  # of memory.model.identity, "" where none was told
    added("source"),  # "settings": the role counts as long as those say so
)

person_groups = sa.Table(
    "person_groups",
    metadata,
    text("person", primary_key=True),  # Identity.key
    text("groups"),  # those that the settings name, by whole id, with blanks between
    moment("at"),  # when the platform said so
)

links = sa.Table(
    "links",
    metadata,
    text("account", primary_key=True),  # of an Identity.key
    text("person"),  # the same for all accounts of one person: what one may the other may
    text("counted"),  # the same for all that ever were: never counted as two
    words("display"),
    moment("at"),
)

link_codes = sa.Table(
    "link_codes",
    metadata,
    text("account", primary_key=True),  # who asked for it; one code at a time
    text("digest", unique=True),
    words("display"),
    text("taken_by"),  # the account that typed it, "" until one has
    moment("at"),
    moment("expires_at"),
)

link_tries = sa.Table(
    "link_tries",
    metadata,
    seq(),
    text("account"),
    moment("at"),
    sa.Index("ix_link_tries_account", "account", "at"),
)

preferences = sa.Table(
    "preferences",
    metadata,
    text("project_id", primary_key=True),
    text("person", primary_key=True),  # Identity.key, "" for the project
    text("slot", primary_key=True),
    words("value"),
    moment("at"),
)
