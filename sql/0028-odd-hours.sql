-- Hours of a feed that were silent or could not be understood are kept as they are found, so that a scan weighs the hours that were
-- written since, and not those of years: of ten busy years it read half a million for each scan (measured: 7 s and 440 MB).

-- Whether what rests on this hour has been weighed since it was written: itself, and the four weeks of which it is told.
alter table feed_hour add column weighed boolean not null default false;
-- Serves: the hours to weigh.
create index feed_hour_unweighed on feed_hour (site_id, source, type, hour_at) where not weighed;

-- Small: those of the week ahead are silent until they come.
create table odd_hour (
  site_id integer not null,
  source text not null,
  type text not null,
  hour_at timestamptz not null,
  -- silent or unreadable
  why text not null,
  primary key (site_id, source, type, hour_at)
);
