-- What is exported from FHIR servers by `$export`, and how far that has come. Small: reference tables under Citus.

-- The one export of a source that is under way: a process that dies leaves it to the next one.
create table bulk_export (
  site_id integer not null,
  source text not null,
  -- `system`, `patient` or `group/ID`.
  level text not null,
  -- Asked for; empty: whatever the server has.
  types text[] not null,
  -- `_since`; null: everything.
  since_at timestamptz,
  poll_url text not null,
  begun_at timestamptz not null,
  -- Null until the server has made its files.
  transaction_at timestamptz,
  -- All of it is stored and credited: only the server is still to be told to delete it.
  ended boolean not null,
  -- Runs in which some file was not given.
  tries integer not null,
  primary key (site_id, source)
);

-- Its files, and up to which line each is stored.
create table bulk_file (
  site_id integer not null,
  source text not null,
  place integer not null,
  kind text not null,
  type text not null,
  url text not null,
  with_token boolean not null,
  -- Of resources, as the manifest says; null where it does not.
  expected integer,
  line integer not null,
  counted integer not null,
  done boolean not null,
  primary key (site_id, source, place),
  constraint bulk_file_kind check (kind in ('output', 'deleted', 'error'))
);

-- What error files of the export say: of these types not all was exported; '*' stands for all.
create table bulk_error (
  site_id integer not null,
  source text not null,
  type text not null,
  reason text not null,
  primary key (site_id, source, type)
);

-- Up to where each type was exported, by the server's clock.
create table bulk_feed (
  site_id integer not null,
  source text not null,
  level text not null,
  type text not null,
  -- From where on it was first asked for; null: everything.
  since_at timestamptz,
  exported_until timestamptz not null,
  -- Whether an export ever held the type: only then does its absence from a later one say that there is nothing new.
  listed boolean not null,
  primary key (site_id, source, level, type)
);

