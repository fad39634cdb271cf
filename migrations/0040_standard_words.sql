-- Tables and columns get the field's own words.

-- The queue of a number: how fast it may send, why it is held or paused, and which process leases it.
alter table number_lanes rename to number_queues;
alter table number_queues rename column lane to leased_by;
alter table number_queues rename column lane_until to leased_until;
alter table number_queues rename constraint number_lanes_pkey to number_queues_pkey;
alter table number_queues rename constraint number_lanes_slowed_per_s_check to number_queues_slowed_per_s_check;
alter table number_queues rename constraint number_lanes_throughput_per_s_check to number_queues_throughput_per_s_check;

-- When the work was done with, however it ended.
alter table journal rename column settled_at to completed_at;
alter table deliveries rename column settled_at to completed_at;
alter table sends rename column settled_at to completed_at;
alter table recoveries rename column settled_at to completed_at;
