-- Distributes the schema over a Citus cluster (11 or newer), after the migrations: `followthrough migrate --citus`, which passes over what
-- is distributed already. One statement a line. Tables that are named nowhere here (`migration`) stay with the coordinator.

-- What was read, by record: one machine holds the versions of a record and who it is.
select create_distributed_table('record', 'resource_key', colocate_with => 'none');
select create_distributed_table('resource_version', 'resource_key', colocate_with => 'record');
select create_distributed_table('person', 'resource_key', colocate_with => 'record');
select create_distributed_table('dirty_record', 'resource_key', colocate_with => 'record');
select create_distributed_table('dirty_person', 'resource_key', colocate_with => 'record');
select create_distributed_table('resource_block', 'block_key', colocate_with => 'record');
select create_distributed_table('quarantine', 'quarantine_key', colocate_with => 'record');
-- The ways to a record, by what is looked for.
select create_distributed_table('link', 'target_key', colocate_with => 'record');
select create_distributed_table('alias', 'alias_key', colocate_with => 'record');
select create_distributed_table('person_tie', 'tie_key', colocate_with => 'record');
-- What was concluded, by patient: judging one touches one machine.
select create_distributed_table('care_event', 'patient_key', colocate_with => 'record');
select create_distributed_table('loop', 'patient_key', colocate_with => 'care_event');
select create_distributed_table('review', 'patient_key', colocate_with => 'care_event');
select create_distributed_table('closing_seen', 'patient_key', colocate_with => 'care_event');
select create_distributed_table('patient_wake', 'patient_key', colocate_with => 'care_event');
select create_distributed_table('dirty_patient', 'patient_key', colocate_with => 'care_event');
-- What people did across patients, by who did it.
select create_distributed_table('actor_event', 'person_key', colocate_with => 'record');
select create_distributed_table('dirty_actor', 'person_key', colocate_with => 'record');
select create_distributed_table('actor_patient', 'actor_key', colocate_with => 'record');
-- By site: what changes together stands together.
select create_distributed_table('loop_count', 'site_id', colocate_with => 'none');
-- Every look at a finding: the only table that readers write.
select create_distributed_table('look', 'look_id', colocate_with => 'none');

-- Small, and joined to the others: a copy on every machine.
select create_reference_table('site');
select create_reference_table('feed');
select create_reference_table('coverage');
select create_reference_table('feed_hour');
select create_reference_table('odd_hour');
select create_reference_table('feed_cursor');
select create_reference_table('failed_window');
select create_reference_table('open_window');
select create_reference_table('open_window_name');
select create_reference_table('open_window_page');
select create_reference_table('unfetched');
select create_reference_table('source_server');
select create_reference_table('bulk_export');
select create_reference_table('bulk_file');
select create_reference_table('bulk_error');
select create_reference_table('bulk_feed');
select create_reference_table('signal_version');
select create_reference_table('signal_in_force');
select create_reference_table('normalised_with');
select create_reference_table('to_normalise');
select create_reference_table('role_organisation');
select create_reference_table('run');
select create_reference_table('run_feed');
select create_reference_table('run_count');
select create_reference_table('due_run');
select create_reference_table('series_period');
select create_reference_table('series_judged');
select create_reference_table('changed_hour');
select create_reference_table('alarm');
select create_reference_table('feed_statement');
