-- Sequences that cross patients, joined by who acted (wrong-patient retract-and-reorder): a narrow copy of orders' events,
-- distributed by the person who did it, and a queue of persons to be judged again.
create table actor_event (
  -- Who the actor is, all ids joined: moved (delete and insert) when that changes.
  person_key bigint not null,
  event_id bigint not null,
  site_id integer not null,
  -- As the record names the actor.
  actor_key bigint not null,
  saying_key bigint not null,
  patient_key bigint not null,
  subject_key bigint not null,
  at timestamptz not null,
  -- The care event as detection sees it.
  event jsonb not null,
  primary key (person_key, event_id)
);
-- Serves: what a person did from an instant on.
create index actor_event_by_time on actor_event (person_key, at);
-- Serves: what came about since the last scan, stored earlier.
create index actor_event_by_site on actor_event (site_id, at);
-- Serves: replace what one record says.
create index actor_event_by_sayer on actor_event (saying_key);
-- Serves: whose events move when an identity changes.
create index actor_event_by_actor on actor_event (actor_key);

create table dirty_actor (
  person_key bigint primary key,
  site_id integer not null,
  -- Nothing that began before is touched.
  from_at timestamptz not null
);
-- Serves: the next persons to judge.
create index dirty_actor_by_site on dirty_actor (site_id, from_at);

-- Of a sequence that crosses patients: by whose acts it was found. Its patient is that of its first step.
alter table loop add column by_person_key bigint;
-- Serves: replace what was concluded of one person.
create index loop_by_person on loop (by_person_key, opened_at) where by_person_key is not null;
