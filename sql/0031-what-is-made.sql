-- Which care events are made of what is related, taken down before the first of them is: the run that judges may die half way.
-- Null: nothing was related but what arrived.
alter table site add column related_for jsonb;

-- A site that was never judged may have been related for signals that nobody took down: what is made whatever runs is there for certain.
update site set related_for = coalesce(judged_with -> 'wanted', '["chart.opened all","order.completed all","order.placed all","order.reprioritised all","order.resulted all","order.revoked all","patient.died all","result.acknowledged all","result.actioned all","result.amended all","result.communicated all","result.issued all","result.preliminary all","result.viewed all","result.withdrawn all","task.accepted all","task.cancelled all","task.completed all","task.failed all","task.held all","task.reassigned all","task.rejected all","task.reprioritised all","task.requested all","task.rescheduled all","task.started all"]');
update site set judged_with = judged_with - 'wanted';
