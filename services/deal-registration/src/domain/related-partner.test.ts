import fc from 'fast-check';
import { checkRelatedPartners, type RelatedPartner } from './related-partner';

const related = (partnerId: string, role: RelatedPartner['role'], attributionPercent: number): RelatedPartner => ({
  partnerId,
  partnerName: '',
  role,
  access: 'LISTED',
  attributionPercent,
});

test('shares of one role sum to 100, each role for itself', () => {
  expect(() =>
    checkRelatedPartners([related('a', 'SOURCING', 60), related('b', 'SOURCING', 40), related('a', 'INFLUENCING', 100)]),
  ).not.toThrow();
  expect(() => checkRelatedPartners([related('a', 'SOURCING', 60), related('b', 'INFLUENCING', 40)])).toThrow(
    expect.objectContaining({ reason: 'ATTRIBUTION_SUM' }),
  );
});

test('shares may be left out', () => {
  expect(() => checkRelatedPartners([related('a', 'SELLING', 0), related('b', 'SERVICING', 0)])).not.toThrow();
});

test('a partner has a role once', () => {
  expect(() => checkRelatedPartners([related('a', 'SELLING', 50), related('a', 'SELLING', 50)])).toThrow(/twice/);
});

test('any other sum than 0 or 100 is refused', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 6 }), (shares) => {
      const sum = shares.reduce((total, share) => total + share, 0);
      const check = (): void => checkRelatedPartners(shares.map((share, index) => related(`p${index}`, 'SOURCING', share)));
      if (sum === 0 || sum === 100) expect(check).not.toThrow();
      else expect(check).toThrow();
    }),
  );
});
