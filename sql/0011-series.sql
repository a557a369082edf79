-- Series: a number per period, judged against its own history; and what people say of a feed's time. Small: reference
-- tables under Citus. Nothing here is about a patient.

-- Whether the hours of a feed that rest on this one are still to be judged: set by every write, cleared by the scan that judged.
alter table feed_hour add column changed boolean not null default true;
-- Serves: what a scan must judge again.
create index feed_hour_changed on feed_hour (site_id, source, type, hour_at) where changed;

-- Hours of care events that a series measures and that have come or gone since their numbers were taken.
create table changed_hour (
  site_id integer not null,
  hour_at timestamptz not null,
  primary key (site_id, hour_at)
);
-- Serves: the values reported within a period, whoever the patient is.
create index care_event_resulted on care_event (site_id, at) where activity = 'observation.resulted';

-- What was measured of one period: its number is `sum` / `of`. Numbers of feeds are those of `feed_hour`.
create table series_period (
  site_id integer not null,
  signal text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  sum double precision not null,
  of integer not null,
  primary key (site_id, signal, from_at)
);

-- A period that breaks a rule. Its id is a hash of site, signal, feed and beginning; source and type are empty where it is
-- of the whole site, and without limits where its history was too short for any.
create table alarm (
  site_id integer not null,
  alarm_id uuid not null,
  signal text not null,
  source text not null,
  type text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  breaks text[] not null,
  value double precision not null,
  centre double precision,
  lower double precision,
  upper double precision,
  primary key (site_id, alarm_id),
  constraint alarm_one_per_period unique (site_id, signal, source, type, from_at)
);

-- Up to when a series was judged, and on what: a scan judges what differs.
create table series_judged (
  site_id integer not null,
  signal text not null,
  judged_at timestamptz not null,
  judged_with jsonb not null,
  primary key (site_id, signal)
);

-- What people say of a feed's time: an outage that they know of, a silent hour that was right, and what takes either back.
-- Append-only. Type is empty where it is of every feed of the source.
create table feed_statement (
  statement_id uuid primary key,
  site_id integer not null,
  says text not null,
  source text not null,
  type text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null,
  actor text not null,
  at timestamptz not null,
  undoes uuid,
  constraint feed_statement_not_empty check (from_at < to_at),
  constraint feed_statement_says check (says in ('outage', 'silence-accepted', 'undone')),
  constraint feed_statement_undoes check ((says = 'undone') = (undoes is not null)),
  constraint feed_statement_undone_once unique (undoes)
);
-- Serves: what is said of a site's feeds.
create index feed_statement_by_site on feed_statement (site_id, from_at);
