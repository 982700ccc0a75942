import { bestOf, resolveEntitlements, type Resolved } from './entitlements';
import { OPEN, type Enrolment } from './enrolment';
import type { Program } from './program';
import { dealTypesFor, rankOfTier, type DealTypeOffer } from './terms';

export interface Partner {
  id: string;
  name: string;
  state: string;
}

/** An enrolment with the program version it points to. */
export interface Membership {
  enrolment: Enrolment;
  program: Program;
}

export interface MembershipView extends Membership {
  tierRank: number;
  dealTypes: DealTypeOffer[];
  /** Empty unless the enrolment gives anything. */
  entitlements: Resolved[];
}

/** Everything a partner has from its programs. `version` grows with every change. */
export interface Partnership {
  partner: Partner;
  version: number;
  updatedAt: Date;
  memberships: MembershipView[];
  entitlements: Resolved[];
}

/** Puts together what the partner's open enrolments say. Only active ones give anything. */
export function partnershipOf(partner: Partner, memberships: Membership[], version: number, updatedAt: Date): Partnership {
  const views = memberships
    .filter(({ enrolment }) => OPEN.includes(enrolment.state))
    .sort(byAge)
    .map(viewOf);
  return { partner, version, updatedAt, memberships: views, entitlements: bestOf(views.flatMap((view) => view.entitlements)) };
}

const byAge = (left: Membership, right: Membership): number =>
  left.enrolment.createdAt.getTime() - right.enrolment.createdAt.getTime() || (left.enrolment.id < right.enrolment.id ? -1 : 1);

function viewOf({ enrolment, program }: Membership): MembershipView {
  const { terms } = program;
  const gives = enrolment.state === 'ACTIVE';
  const { id: enrolmentId, tier, segments, overrides } = enrolment;
  return {
    enrolment,
    program,
    tierRank: rankOfTier(terms, tier),
    dealTypes: dealTypesFor(terms, tier),
    entitlements: gives ? resolveEntitlements(terms.entitlements, { enrolmentId, tier, segments, overrides }) : [],
  };
}
