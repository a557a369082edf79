-- What was concluded, keyed by patient first.

create type activity as enum (
  'result.preliminary', 'result.issued', 'result.amended', 'result.withdrawn', 'result.voided', 'result.viewed',
  'result.acknowledged', 'result.communicated', 'result.actioned',
  'order.placed', 'order.completed', 'order.revoked', 'order.voided', 'order.resulted', 'order.reprioritised',
  'specimen.collected',
  'task.requested', 'task.accepted', 'task.started', 'task.held', 'task.completed', 'task.rejected', 'task.failed',
  'task.cancelled', 'task.voided', 'task.reassigned', 'task.rescheduled', 'task.reprioritised',
  'encounter.started', 'encounter.ended',
  'appointment.booked', 'appointment.fulfilled', 'appointment.missed', 'appointment.cancelled',
  'document.drafted', 'document.signed', 'document.sent',
  'observation.resulted', 'observation.recorded', 'condition.recorded', 'medication.prescribed', 'imaging.done',
  'procedure.booked', 'procedure.done', 'dose.due', 'dose.given', 'dose.omitted', 'patient.died', 'chart.opened'
);

create table care_event (
  patient_key bigint not null,
  at timestamptz not null,
  event_id bigint not null,
  site_id integer not null,
  activity activity not null,
  -- End of the stated period where it is a date, month or year.
  end_at timestamptz,
  precision text not null,
  subject_key bigint not null,
  saying_key bigint not null,
  -- False where the subject has not been read: it is evidence on no loop yet.
  subject_read boolean not null,
  actor text,
  actor_key bigint,
  actor_kind text not null,
  -- Whether a closing clause `by: person` takes it.
  by_person boolean not null,
  grade smallint not null,
  via text not null,
  category text,
  code jsonb,
  value double precision,
  unit text,
  order_key bigint,
  encounter_key bigint,
  urgency text,
  priority text,
  setting text,
  team text,
  kind text,
  due_at timestamptz,
  title text,
  -- What only some activities carry: possible urgencies, critical readings, the laboratory's own people …
  detail jsonb,
  primary key (patient_key, at, event_id)
) partition by range (at);
-- Serves: replace what one record says; bounds on time are always given too.
create index care_event_by_sayer on care_event (saying_key);
-- Serves: the evidence on one record.
create index care_event_by_subject on care_event (subject_key, at);

-- Months are made as they are needed (2000-01 to 2099-12); what lies outside goes to the ends.
create table care_event_before partition of care_event for values from (minvalue) to ('2000-01-01T00:00:00Z');
create table care_event_after partition of care_event for values from ('2100-01-01T00:00:00Z') to (maxvalue);

create table loop (
  patient_key bigint not null,
  loop_id uuid not null,
  site_id integer not null,
  signal text not null,
  signal_version integer not null,
  subject_key bigint not null,
  opening_event bigint not null,
  opening_activity activity not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  met_at timestamptz,
  cancelled_at timestamptz,
  verdict text not null,
  reason text,
  before_watch boolean not null,
  urgency text,
  priority text,
  setting text,
  team text,
  kind text,
  title text,
  limit_duration text,
  limit_basis text,
  -- Intervals that could not be seen, by resource type: of closing feeds, and of cancelling ones.
  gaps jsonb not null,
  cancelling_gaps jsonb not null,
  -- How the loop ended or what it rests on: which event closed, cancelled or voided it.
  explanation jsonb not null,
  primary key (patient_key, loop_id),
  constraint loop_verdict check (verdict in ('met', 'pending', 'late', 'missed', 'unknown', 'cancelled')),
  constraint loop_reason_of_unknown check ((verdict = 'unknown') = (reason is not null))
);
-- Serves: findings of a site.
create index loop_by_site_verdict on loop (site_id, verdict, due_at);
-- Serves: one loop by its id; reviews of a loop that moved.
create index loop_by_id on loop (loop_id);
create index loop_by_subject on loop (subject_key);

-- When each patient must be looked at again though nothing new arrives.
create table patient_wake (
  patient_key bigint primary key,
  site_id integer not null,
  wake_at timestamptz not null
);
-- Serves: whom a scan at this instant must look at again.
create index patient_wake_by_time on patient_wake (site_id, wake_at);

create table dirty_patient (
  patient_key bigint primary key,
  site_id integer not null,
  -- Nothing that opened before is touched; what is unsettled moves it back before patients are judged.
  from_at timestamptz not null
);
-- Serves: the next patients to judge, those of one start together.
create index dirty_patient_by_site on dirty_patient (site_id, from_at);

-- The first event of each patient that would close some loop of a signal: `never-seen` is the absence of all.
create table closing_seen (
  patient_key bigint not null,
  signal text not null,
  site_id integer not null,
  first_at timestamptz not null,
  primary key (patient_key, signal)
);
-- Serves: was a signal's closing evidence ever seen here?
create index closing_seen_by_signal on closing_seen (site_id, signal, first_at);

-- Which patients an actor's care events are about: their loops may change when the actor's identity does.
create table actor_patient (
  actor_key bigint not null,
  patient_key bigint not null,
  site_id integer not null,
  primary key (actor_key, patient_key)
);

-- Append-only; hangs on a loop by id without a foreign key, and carries what its reviewer saw.
create table review (
  patient_key bigint not null,
  loop_id uuid not null,
  review_id uuid not null,
  site_id integer not null,
  step text not null,
  reason text,
  reviewer text not null,
  at timestamptz not null,
  signal text not null,
  subject text not null,
  opening_event bigint not null,
  opened_at timestamptz not null,
  verdict text not null,
  evidence jsonb not null,
  primary key (patient_key, loop_id, review_id)
);
-- Serves: reviews of a loop, wherever its patient has moved.
create index review_by_loop on review (loop_id);

-- Every look at a patient's finding.
create table look (
  look_id uuid primary key,
  site_id integer not null,
  viewer text not null,
  at timestamptz not null,
  how text not null,
  loops uuid[] not null
);
