-- What was read from FHIR servers, and how far.

alter table coverage drop constraint coverage_how;
alter table coverage add constraint coverage_how check (how in ('declared', 'manifest', 'assumed', 'searched'));

-- Which server a source is: two servers under one name would share cursors, and lose what lies between them.
create table source_server (
  site_id integer not null,
  source text not null,
  base text not null,
  primary key (site_id, source)
);

-- How far a feed of a server was read. Times of `meta.lastUpdated` by the server's clock.
create table feed_cursor (
  site_id integer not null,
  source text not null,
  type text not null,
  -- From where on it was first asked for; null: everything that the server has.
  since_at timestamptz,
  -- The latest that was really seen: the next pull begins there, less an overlap.
  seen_until timestamptz,
  -- All windows before were asked for, and were read or stand in `failed_window`.
  read_until timestamptz not null,
  -- Up to where coverage is credited, less the lag that the server is allowed; -infinity: not yet.
  covered_until timestamptz not null,
  primary key (site_id, source, type)
);

-- Windows of `meta.lastUpdated` that a server did not give, half-open: gaps, asked for again first by the next pull.
create table failed_window (
  site_id integer not null,
  source text not null,
  type text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- From where on nothing that happened up to `to_at` can be said to be known: a record that was changed within the window
  -- may tell of long before.
  blind_from_at timestamptz not null,
  reason text not null,
  primary key (site_id, source, type, from_at),
  constraint failed_window_not_empty check (from_at < to_at)
);

-- What records name and a server failed to give by its id: the record, or its earlier versions. Asked for again by the next pulls.
create table unfetched (
  site_id integer not null,
  source text not null,
  what text not null,
  name text not null,
  reason text not null,
  -- How often it was asked for in vain: what was asked least comes first.
  tries integer not null,
  primary key (site_id, source, what, name),
  constraint unfetched_what check (what in ('record', 'versions'))
);
