-- Nine of ten care events are looks at results and charts, and few of those bear on any verdict: what else there is of a patient is
-- found without them.

-- Serves: the events of a batch of patients that are no looks (lookActivities).
create index care_event_no_look on care_event (patient_key, at) where activity not in ('result.viewed', 'chart.opened');
