-- A site may run a definition with limits, value sets or a calendar of its own, so a version alone no longer says by what a
-- loop was judged: beside it stands the edition, a hash of the definition as it is judged by. Versions that are held were
-- run as the catalogue has them.
alter table signal_version rename column logic_hash to base_hash;
alter table signal_version add column edition text;
alter table signal_version add column is_own boolean not null default false;
update signal_version set edition = base_hash, definition = definition || jsonb_build_object('edition', base_hash);
alter table signal_version alter column edition set not null;

-- Which definition was in force from when on, until the next one.
create table signal_in_force (
  site_id integer not null,
  signal text not null,
  from_at timestamptz not null,
  version integer not null,
  edition text not null,
  primary key (site_id, signal, from_at)
);
insert into signal_in_force select distinct on (site_id, signal, in_force_from) site_id, signal, in_force_from, version, edition
  from signal_version order by site_id, signal, in_force_from, version desc;

alter table signal_version drop constraint signal_version_pkey;
alter table signal_version drop column in_force_from;
alter table signal_version add primary key (site_id, signal, version, edition);

alter table loop add column edition text not null default '';
update loop set edition = signal_version.edition from signal_version where signal_version.site_id = loop.site_id
  and signal_version.signal = loop.signal and signal_version.version = loop.signal_version;
