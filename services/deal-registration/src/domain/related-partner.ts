import { invalidFields, type Violation } from '@openprm/errors';

export type RelatedRole = 'SOURCING' | 'INFLUENCING' | 'SELLING' | 'SERVICING' | 'FULFILLING';

/** A further partner. AUTHORISED reads the record, LISTED is known to the enterprise alone. */
export interface RelatedPartner {
  partnerId: string;
  partnerName: string;
  role: RelatedRole;
  access: 'AUTHORISED' | 'LISTED';
  attributionPercent: number;
}

/** Shares count per role: sourced and influenced revenue are separate figures. A role with no share at all is fine. */
export function checkRelatedPartners(related: RelatedPartner[]): void {
  const violations = [...repeated(related), ...wrongSums(related)];
  if (violations.length > 0) throw invalidFields(violations);
}

function repeated(related: RelatedPartner[]): Violation[] {
  const keys = related.map(({ partnerId, role }) => `${partnerId} ${role}`);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index
      ? []
      : [{ field: `related_partners[${index}]`, description: 'names the same partner and role twice.', reason: 'INVALID' }],
  );
}

function wrongSums(related: RelatedPartner[]): Violation[] {
  const byRole = Map.groupBy(related, (each) => each.role);
  return [...byRole].flatMap(([role, partners]) => {
    const sum = partners.reduce((total, each) => total + each.attributionPercent, 0);
    if (sum === 0 || sum === 100) return [];
    return [
      {
        field: 'related_partners',
        description: `Shares of ${role} sum to ${sum}: make them 100, or leave all of them out.`,
        reason: 'ATTRIBUTION_SUM',
      },
    ];
  });
}
