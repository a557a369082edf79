-- Which records the committed pages of an open window gave, so that one that comes again after a restart is counted once.
-- Small: a reference table under Citus.

create table open_window_page (
  site_id integer not null,
  source text not null,
  type text not null,
  how text not null,
  from_at timestamptz not null,
  -- How many records the window had given before this page.
  given_before integer not null,
  record_keys bigint[] not null,
  primary key (site_id, source, type, how, from_at, given_before)
);
