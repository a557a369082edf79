-- What servers count in the windows that a run read, beside what they gave. Small: a reference table under Citus.
create table run_count (
  run_id uuid not null,
  source text not null,
  type text not null,
  -- Records of the windows that were counted: as the server says, and as it gave them.
  expected bigint not null,
  given bigint not null,
  -- Windows that were counted, and those that the server gave and did not count.
  counted integer not null,
  uncounted integer not null,
  primary key (run_id, source, type)
);
