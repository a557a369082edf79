-- Sequences beside loops: a sequence has occurred, or nobody can say; it is due at no time (due_at is then that of its last step).
alter table loop drop constraint loop_verdict;
alter table loop add constraint loop_verdict check (verdict in ('met', 'pending', 'late', 'missed', 'unknown', 'cancelled', 'occurred'));
