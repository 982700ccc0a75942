import type { Catalogue } from '../domain/check-terms';
import type { Enrolment } from '../domain/enrolment';
import { createProgram, publishProgram, type Defaults, type Program } from '../domain/program';
import { DEFAULT_SETTINGS } from '../domain/settings';
import type { Terms } from '../domain/terms';

/** Things that rule tests start from. */

export const NOW = new Date('2026-03-02T10:00:00.000Z');

export const catalogue: Catalogue = {
  kinds: ['RESELLER'],
  segments: [
    { code: 'BRONZE', kind: 'TIER', label: 'Bronze' },
    { code: 'SILVER', kind: 'TIER', label: 'Silver' },
    { code: 'GOLD', kind: 'TIER', label: 'Gold' },
    { code: 'CLOUD', kind: 'SPECIALISATION', label: 'Cloud' },
    { code: 'HEALTH', kind: 'MARKET_FOCUS', label: 'Healthcare' },
  ],
};

export const defaults: Defaults = {
  tiers: ['BRONZE', 'SILVER', 'GOLD'],
  orderLimits: [
    { tier: 'BRONZE', units: 10_000n },
    { tier: 'GOLD', units: 100_000n },
  ],
  entitlements: [
    { source: 'PROGRAM', code: '', key: 'deal.protectionDays', value: '60' },
    { source: 'TIER', code: 'GOLD', key: 'deal.protectionDays', value: '90' },
    { source: 'TIER', code: 'PLATINUM', key: 'deal.protectionDays', value: '120' },
  ],
};

export const givenTerms = (fields: Partial<Terms> = {}): Terms => ({
  name: 'Program',
  description: '',
  kind: 'RESELLER',
  openForApplication: true,
  termsVersion: 'v1',
  termsUrl: '',
  tiers: [],
  defaultTier: '',
  segments: [],
  entitlements: [],
  dealTypes: [],
  defaultSellingModel: '',
  baseCurrency: '',
  criteria: [],
  settings: DEFAULT_SETTINGS,
  ...fields,
});

export const givenDraft = (fields: Partial<Terms> = {}): Program =>
  createProgram({ id: 'v1', programId: 'program' }, givenTerms(fields), catalogue, defaults, NOW).program;

export const givenProgram = (fields: Partial<Terms> = {}): Program => publishProgram(givenDraft(fields), null, false, NOW)[0]!.program;

export const givenEnrolment = (fields: Partial<Enrolment> = {}): Enrolment => ({
  id: 'enrolment',
  version: 3,
  partnerId: 'partner',
  programId: 'program',
  programNumber: 1,
  state: 'ACTIVE',
  tier: 'BRONZE',
  segments: [],
  overrides: [],
  sponsorPartnerId: null,
  applicationText: '',
  appliedBy: null,
  stateReason: '',
  acceptedTermsVersion: 'v1',
  termsAcceptedAt: NOW,
  termsDueAt: null,
  invitationExpiresAt: null,
  termStartsAt: NOW,
  termEndsAt: new Date('2027-03-02T10:00:00.000Z'),
  exitAt: null,
  criteriaWaived: false,
  externalId: null,
  createdAt: NOW,
  updatedAt: NOW,
  ...fields,
});
