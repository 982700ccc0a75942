/**
 * The embedded bus. Offsets are given out under one lock that is held until commit, so they appear in the order in which
 * they were given: a reader that has seen offset 7 will never find a 6 later. A sequence would not promise that.
 */
export const createBusTables = `
select pg_advisory_xact_lock(7210010);
create table if not exists bus_topics (
  topic text primary key,
  next_offset bigint not null default 0
);
create table if not exists bus_log (
  topic text not null,
  "offset" bigint not null,
  key text,
  value text,
  headers jsonb not null,
  primary key (topic, "offset")
);
create table if not exists bus_groups (
  group_id text not null,
  topic text not null,
  next_offset bigint not null,
  primary key (group_id, topic)
);
`;

export const lockLog = `select pg_advisory_xact_lock(7210011)`;

/** $1: array of {topic, key, value, headers}. */
export const appendToLog = `
with incoming as (
  select topic, key, value, headers, row_number() over (partition by topic order by place) as number
  from jsonb_to_recordset($1::jsonb) as r(topic text, key text, value text, headers jsonb, place int)
), moved as (
  insert into bus_topics as t (topic, next_offset) select topic, count(*) from incoming group by topic
  on conflict (topic) do update set next_offset = t.next_offset + excluded.next_offset
  returning topic, next_offset
), totals as (select topic, count(*) as count from incoming group by topic)
insert into bus_log (topic, "offset", key, value, headers)
select i.topic, m.next_offset - c.count + i.number - 1, i.key, i.value, i.headers
from incoming i join moved m using (topic) join totals c using (topic)`;

export const readLog = `
select "offset", key, value, headers from bus_log where topic = $1 and "offset" >= $2 order by "offset" limit $3`;

export const loadPlace = `
select coalesce(
  (select next_offset from bus_groups where group_id = $1 and topic = $2),
  case when $3 then 0 else (select next_offset from bus_topics where topic = $2) end, 0) as place`;

export const savePlace = `
insert into bus_groups (group_id, topic, next_offset) values ($1, $2, $3)
on conflict (group_id, topic) do update set next_offset = excluded.next_offset`;

export const countLag = `
select coalesce(sum(t.next_offset - coalesce(g.next_offset, 0)), 0)::int as lag
from bus_topics t left join bus_groups g on g.topic = t.topic and g.group_id = $1 where t.topic = any($2)`;
