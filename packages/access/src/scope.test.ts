import type { Caller, Membership } from './caller';
import { isEnterpriseRole, type EnterpriseRole, type Role } from './roles';
import { Params, readScope, scopedList, scopeSql, scopeWithRole } from './scope';

const caller = (...held: [Role, string?, boolean?][]): Caller => ({
  principal: 'me@partner.example',
  personId: 'person',
  name: 'Me',
  enterprise: new Set(held.map(([role]) => role).filter((role): role is EnterpriseRole => isEnterpriseRole(role))),
  memberships: held
    .filter(([role]) => !isEnterpriseRole(role))
    .map(([role, partnerId, reach], index): Membership => ({
      id: `${index}`,
      partnerId: partnerId!,
      role,
      includeDescendants: reach ?? role !== 'PARTNER_ASSOCIATE',
    })),
});

describe('the scope in which somebody reads', () => {
  test.each([
    ['an associate: the own organisation', caller(['PARTNER_ASSOCIATE', 'a']), { all: false, orgs: ['a'], roots: [] }],
    ['a manager: with everything below', caller(['PARTNER_MANAGER', 'a']), { all: false, orgs: ['a'], roots: ['a'] }],
    ['a manager without reach: the own organisation', caller(['PARTNER_MANAGER', 'a', false]), { all: false, orgs: ['a'], roots: [] }],
    [
      'several memberships: all of them',
      caller(['PARTNER_ASSOCIATE', 'a'], ['PARTNER_ADMIN', 'b']),
      { all: false, orgs: ['a', 'b'], roots: ['b'] },
    ],
    [
      'an associate whose membership says it reaches down: it does not',
      caller(['PARTNER_ASSOCIATE', 'a', true]),
      { all: false, orgs: ['a'], roots: [] },
    ],
    [
      'a relationship manager: assigned partners, found by person',
      caller(['RELATIONSHIP_MANAGER']),
      { all: false, orgs: [], roots: ['person'] },
    ],
    ['an executive: everything', caller(['ENTERPRISE_EXECUTIVE']), { all: true }],
    ['nobody: nothing', caller(), { all: false, orgs: [], roots: [] }],
  ])('%s', (_who, who, scope) => expect(readScope(who)).toEqual(scope));
});

test('writing scopes come from the roles that may write, and an executive has none', () => {
  expect(scopeWithRole(caller(['ENTERPRISE_EXECUTIVE']), ['ENTERPRISE_ADMIN'])).toEqual({ all: false, orgs: [], roots: [] });
  expect(scopeWithRole(caller(['PARTNER_ASSOCIATE', 'a'], ['PARTNER_ADMIN', 'b']), ['PARTNER_ADMIN'])).toEqual({
    all: false,
    orgs: ['b'],
    roots: ['b'],
  });
});

test('values never become part of a statement', () => {
  const params = new Params();
  const sql = scopeSql({ all: false, orgs: [`'; drop table deals; --`], roots: ['x'] }, 'd.partner_id', params);
  expect(sql).not.toContain('drop table');
  expect(params.values).toEqual([[`'; drop table deals; --`], ['x']]);
});

test('a list over everything is one index range, a limited one merges ranges of organisations', () => {
  const list = {
    select: 'd.*',
    from: 'deals d',
    owner: 'd.partner_id',
    time: 'd.created_at',
    id: 'd.id',
    where: [],
    after: null,
    size: 20,
  };
  expect(scopedList({ ...list, scope: { all: true } }, new Params())).toBe(
    'select d.* from deals d where true order by d.created_at desc, d.id desc limit $1',
  );
  expect(scopedList({ ...list, scope: { all: false, orgs: ['a'], roots: [] } }, new Params())).toMatch(/cross join lateral/);
});
