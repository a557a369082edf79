-- Sites, what they can be read from, and what is known to have been read. Small: reference tables under Citus.

create table site (
  site_id integer primary key,
  name text not null,
  -- `--since`, written once; null: the earliest instant covered in an opening feed, at every scan.
  watch_since timestamptz,
  -- The latest time that its records carry: where no `now` is given, the site is judged at it.
  latest_at timestamptz,
  -- `now` of the last completed detection; a scan before it computes every patient.
  judged_at timestamptz,
  -- What the site's part of the last detection rested on (coverage, feeds, evidence seen, settings), to tell what changed.
  judged_with jsonb,
  constraint site_name_once unique (name)
);

-- A feed that the site has: one resource type from one source.
create table feed (
  site_id integer not null,
  source text not null,
  type text not null,
  primary key (site_id, source, type)
);

-- Intervals of event time, half-open, for which a feed is known to have been read and understood.
create table coverage (
  site_id integer not null,
  source text not null,
  type text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  how text not null,
  primary key (site_id, source, type, from_at, to_at, how),
  constraint coverage_not_empty check (from_at < to_at),
  constraint coverage_how check (how in ('declared', 'manifest', 'assumed'))
);

-- Resources of a feed by hour of event time: silent and unreadable hours are told from it.
create table feed_hour (
  site_id integer not null,
  source text not null,
  type text not null,
  hour_at timestamptz not null,
  understood integer not null,
  unreadable integer not null,
  primary key (site_id, source, type, hour_at)
);

-- A signal's definition, in force from an instant on: loops are judged by the one in force when they opened.
create table signal_version (
  site_id integer not null,
  signal text not null,
  version integer not null,
  logic_hash text not null,
  definition jsonb not null,
  in_force_from timestamptz not null,
  primary key (site_id, signal, version)
);

create table run (
  run_id uuid primary key,
  site_id integer not null,
  kind text not null,
  now_at timestamptz,
  started_at timestamptz not null,
  finished_at timestamptz,
  state text not null,
  -- What detection decided, by signal; what could not be seen.
  summary jsonb,
  constraint run_state check (state in ('running', 'complete', 'incomplete', 'failed', 'interrupted'))
);
-- Serves: the last good run of a site.
create index run_by_site on run (site_id, started_at);

-- read = stored + duplicate + quarantined + expired + skipped, for every feed of every run.
create table run_feed (
  run_id uuid not null,
  source text not null,
  type text not null,
  read bigint not null,
  stored bigint not null,
  duplicate bigint not null,
  quarantined bigint not null,
  expired bigint not null,
  skipped bigint not null,
  primary key (run_id, source, type)
);
