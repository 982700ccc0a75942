import type { Cursor } from '@openprm/postgres';
import type { Caller } from './caller';
import type { Role } from './roles';

/**
 * Organisations whose records a caller may read: everything, or `orgs` exactly and `roots` with everything below them.
 * Store functions for readers take one, so that forgetting it does not compile.
 */
export type Scope = { all: true } | { all: false; orgs: string[]; roots: string[] };

export const EVERYTHING: Scope = { all: true };
export const NOTHING: Scope = { all: false, orgs: [], roots: [] };

/**
 * The scope rule for commercial records and cases: associates their own organisations; managers and admins theirs with what lies
 * below; relationship managers the partners assigned to them with what lies below; enterprise admins and executives everything.
 * `everythingFor` names further enterprise roles that read all records of the asking service, e.g. its desk.
 */
export function readScope(caller: Caller, everythingFor: Role[] = []): Scope {
  const all: Role[] = ['ENTERPRISE_ADMIN', 'ENTERPRISE_EXECUTIVE', ...everythingFor];
  if (all.some((role) => (caller.enterprise as ReadonlySet<Role>).has(role))) return EVERYTHING;
  const reaching = caller.memberships.filter((each) => each.role !== 'PARTNER_ASSOCIATE' && each.includeDescendants);
  return {
    all: false,
    orgs: caller.memberships.map((each) => each.partnerId),
    roots: [...reaching.map((each) => each.partnerId), ...assignedPartners(caller)],
  };
}

/** The scope in which the caller holds one of `roles`: where they may write what these roles may write. */
export function scopeWithRole(caller: Caller, roles: Role[]): Scope {
  if (roles.includes('ENTERPRISE_ADMIN') && caller.enterprise.has('ENTERPRISE_ADMIN')) return EVERYTHING;
  const held = caller.memberships.filter((each) => roles.includes(each.role));
  return {
    all: false,
    orgs: held.map((each) => each.partnerId),
    roots: [
      ...held.filter((each) => each.role !== 'PARTNER_ASSOCIATE' && each.includeDescendants).map((each) => each.partnerId),
      ...(roles.includes('RELATIONSHIP_MANAGER') ? assignedPartners(caller) : []),
    ],
  };
}

/** Partners of a relationship manager are found in SQL, so that an assignment takes effect at once. */
function assignedPartners(caller: Caller): string[] {
  return caller.enterprise.has('RELATIONSHIP_MANAGER') && caller.personId ? [caller.personId] : [];
}

/** Collects parameters of a statement. */
export class Params {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** SQL giving the organisations (column `org`) of a limited scope. A root may be a partner or the person in charge of partners. */
export function organisationsSql(scope: Exclude<Scope, { all: true }>, params: Params): string {
  const orgs = params.add(scope.orgs);
  const roots = params.add(scope.roots);
  return `select unnest(${orgs}::uuid[]) as org
    union select a.descendant_id from access_ancestry a where a.ancestor_id = any(${roots}::uuid[])
    union select a.descendant_id from access_partners p join access_ancestry a on a.ancestor_id = p.id where p.relationship_manager_id = any(${roots}::uuid[])`;
}

/** SQL condition that `column` is an organisation in scope. */
export const scopeSql = (scope: Scope, column: string, params: Params): string =>
  scope.all ? 'true' : `${column} in (${organisationsSql(scope, params)})`;

export interface ScopedList {
  /** Columns, e.g. `d.*`. */
  select: string;
  /** Table and alias; `owner`, `time` and `id` are its columns. An index on (owner, time desc, id desc) serves the list. */
  from: string;
  owner: string;
  time: string;
  id: string;
  /** Further columns over the rows of the page (alias `page`), e.g. names of related records. */
  joinedSelect?: string;
  where: string[];
  scope: Scope;
  after: Cursor | null;
  /** Rows wanted; one more is fetched so that the last page is known. */
  size: number;
}

/**
 * Newest first by keyset, in one statement. A limited scope takes the newest of each organisation by index and merges them, which
 * costs rows of the page times organisations and never the size of the table.
 */
export function scopedList(list: ScopedList, params: Params): string {
  const limit = params.add(list.size + 1);
  const where = [...list.where];
  if (list.after)
    where.push(`(${list.time}, ${list.id}) < (${params.add(list.after.time)}::timestamptz, ${params.add(list.after.id)}::uuid)`);
  const order = `order by ${list.time} desc, ${list.id} desc limit ${limit}`;
  const rows = list.scope.all
    ? `select ${list.select} from ${list.from} where ${and(where)} ${order}`
    : `select r.* from (${organisationsSql(list.scope, params)}) o cross join lateral
        (select ${list.select} from ${list.from} where ${and([`${list.owner} = o.org`, ...where])} ${order}) r
        order by r.${bare(list.time)} desc, r.${bare(list.id)} desc limit ${limit}`;
  if (!list.joinedSelect) return rows;
  return `select page.*, ${list.joinedSelect} from (${rows}) page order by page.${bare(list.time)} desc, page.${bare(list.id)} desc`;
}

const and = (conditions: string[]): string => conditions.join(' and ') || 'true';
const bare = (column: string): string => column.slice(column.indexOf('.') + 1);
