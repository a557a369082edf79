-- What the resources that are held were normalised with, and what is still to be normalised anew after a change of it.
-- Small: reference tables under Citus.

create table normalised_with (
  site_id integer not null,
  -- 1, 2, …: the greatest is in force. What a finding showed at an instant rests on the one in force then.
  number integer not null,
  context_hash text not null,
  -- Whole: mapping, time zone, and how the site names things.
  context jsonb not null,
  in_force_from timestamptz not null,
  primary key (site_id, number)
);

-- Blocks of bodies and quarantined resources that were kept under an older one.
create table to_normalise (
  site_id integer not null,
  what text not null,
  key bigint not null,
  primary key (site_id, what, key),
  constraint to_normalise_what check (what in ('block', 'quarantined'))
);
