import { migration } from '@openprm/postgres';

/** Constant defaults, so that the table is not rewritten. */
export const routing = migration(
  'routing1760000000002',
  `
alter table deals add column review_group text not null default '', add column routing_reason text not null default '';
create index deals_queue on deals (review_group, created_at desc, id desc) where state in ('SUBMITTED', 'IN_REVIEW');
`,
);
