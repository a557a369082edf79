-- Where the reading of each window stands, so that a pull that was killed goes on from the last page that it committed.
-- Small: reference tables under Citus.

create table open_window (
  site_id integer not null,
  source text not null,
  type text not null,
  -- `search`: what was last updated in the window; `history`: every version since it begins.
  how text not null,
  -- Of `meta.lastUpdated` by the server's clock; from -infinity where everything was asked for.
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Until when the pull that began it asked: what the server indexed late lies up to there, and is asked for anew.
  asked_at timestamptz not null,
  -- The page to ask for; null: its last page is committed.
  next_page text,
  -- Whether also what it names was read: only its place among the others is still to be settled.
  whole boolean not null,
  -- The latest `meta.lastUpdated` that it gave.
  seen_until timestamptz,
  -- Versions that were read, entries that the server counts, and records that are not the same.
  read integer not null,
  matches integer not null,
  given integer not null,
  primary key (site_id, source, type, how, from_at),
  constraint open_window_how check (how in ('search', 'history'))
);

-- Records that the committed pages of such a window name and nobody has sent yet.
create table open_window_name (
  site_id integer not null,
  source text not null,
  type text not null,
  how text not null,
  from_at timestamptz not null,
  name text not null,
  primary key (site_id, source, type, how, from_at, name)
);
