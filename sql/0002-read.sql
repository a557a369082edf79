-- What was read. Big tables, distributed by the first column of their primary key; no triggers, rules or volatile
-- defaults, so that Citus can distribute them as they stand.

-- Bodies of resource versions, zstd over some hundreds at a time, made after dedupe and per month of event time.
create table resource_block (
  block_key bigint primary key,
  site_id integer not null,
  month_at timestamptz not null,
  resources integer not null,
  body bytea not null
);

create table resource_version (
  resource_key bigint not null,
  -- Hash of the version id; without one, of `lastUpdated` and content.
  version_key bigint not null,
  site_id integer not null,
  source text not null,
  type text not null,
  block_key bigint not null,
  place integer not null,
  last_updated timestamptz,
  content_hash text not null,
  -- The latest time the version carries; null never expires.
  latest_at timestamptz,
  facts jsonb not null,
  primary key (resource_key, version_key)
);
-- Serves: which versions have passed the retention line.
create index resource_version_by_latest on resource_version (site_id, latest_at) where latest_at is not null;

-- One row a record: where its care events were placed, so that they can be moved and replaced.
create table record (
  resource_key bigint primary key,
  site_id integer not null,
  namespace text not null,
  type text not null,
  id text not null,
  -- Key of the patient reference of the newest version, and its text.
  patient_ref bigint,
  patient text,
  -- Where loops on this record live: the joined patient's key, else the record's own.
  patient_key bigint,
  voided boolean not null default false,
  labels text[],
  event_patients bigint[],
  events_from timestamptz,
  events_to timestamptz,
  events_hash text
);
-- Serves: which records follow a patient whose identity changed.
create index record_by_patient_ref on record (patient_ref) where patient_ref is not null;
create index record_by_patient on record (patient_key) where patient_key is not null;

-- The reverse index of references: what must be related again when the target changes.
create table link (
  target_key bigint not null,
  source_key bigint not null,
  role text not null,
  site_id integer not null,
  primary key (target_key, source_key, role)
);
-- Serves: what a record names.
create index link_by_source on link (source_key);

-- Another name of a record: an identifier it bears, or one given beside a reference to it.
create table alias (
  alias_key bigint not null,
  resource_key bigint not null,
  said_by bigint not null,
  site_id integer not null,
  name text not null,
  primary key (alias_key, resource_key, said_by)
);
-- Serves: every name of a record.
create index alias_by_record on alias (resource_key);
-- Serves: what a record said, replaced when its newest version says otherwise.
create index alias_by_sayer on alias (said_by);

-- What joins people: records that share a tie (an identifier, a link) are one person.
create table person_tie (
  tie_key bigint not null,
  resource_key bigint not null,
  said_by bigint not null,
  site_id integer not null,
  identifier boolean not null,
  primary key (tie_key, resource_key, said_by)
);
-- Serves: what ties a record to others.
create index person_tie_by_record on person_tie (resource_key);
-- Serves: what a record said, replaced when its newest version says otherwise.
create index person_tie_by_sayer on person_tie (said_by);

-- The person of a record: only where it is not the record itself.
create table person (
  resource_key bigint primary key,
  person_key bigint not null,
  site_id integer not null
);
-- Serves: everybody who is one person.
create index person_members on person (person_key);

-- In which organisation a role is held: a role of a performing organisation is the laboratory's own.
create table role_organisation (
  resource_key bigint not null,
  organisation_key bigint not null,
  site_id integer not null,
  primary key (resource_key, organisation_key)
);

create table quarantine (
  quarantine_key bigint primary key,
  site_id integer not null,
  source text not null,
  type text,
  code text not null,
  reason text not null,
  file text not null,
  line integer not null,
  first_run uuid not null,
  event_at timestamptz,
  -- Keys of the records it names (its own among them), and of the patient: the loops it blinds.
  names bigint[] not null,
  patient_ref bigint,
  body bytea not null
);
-- Serves: pages of a site's quarantine.
create index quarantine_by_site on quarantine (site_id, quarantine_key);

-- Queues: a change is durable before it is worked off. `expanded`: what depends on it was queued too.
create table dirty_record (
  resource_key bigint primary key,
  site_id integer not null,
  expanded boolean not null
);
-- Serves: the next records to relate.
create index dirty_record_by_site on dirty_record (site_id, expanded);

create table dirty_person (
  resource_key bigint primary key,
  site_id integer not null
);
