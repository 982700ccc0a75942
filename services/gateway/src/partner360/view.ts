import { DealRegistrationServiceService as deals } from '@openprm/contracts/dealregistration';
import { Partner360, type GetPartner360Request, type HierarchySection } from '@openprm/contracts/gateway';
import { OrderServiceService as orders } from '@openprm/contracts/order';
import { PartnerDirectoryServiceService as directory, type PartnerHierarchy } from '@openprm/contracts/partnerdirectory';
import { ProgramSegmentServiceService as programs } from '@openprm/contracts/programsegment';
import { QuotingServiceService as quoting } from '@openprm/contracts/quoting';
import { CaseServiceService as cases } from '@openprm/contracts/supportcase';
import { status } from '@grpc/grpc-js';
import { toRecentActivity } from './activity';
import { toKeyFigures } from './figures';
import { statusOf, toSection, type Ask, type Section } from './section';

/** Without these there is no view: the partner is not the caller's to see, or the caller is nobody. */
const FATAL = [status.NOT_FOUND, status.PERMISSION_DENIED, status.UNAUTHENTICATED, status.INVALID_ARGUMENT];

/** Asks every section at once and answers with what came back; only the profile's "no" is an answer of its own. */
export async function viewPartner360({ id, includeDescendants }: GetPartner360Request, ask: Ask): Promise<Partner360> {
  const sections = await readSections(id, includeDescendants, ask);
  const refused = sections.profile.error;
  if (refused && FATAL.includes(refused.code)) throw refused;
  return toView(sections, includeDescendants);
}

type Sections = Awaited<ReturnType<typeof readSections>>;

async function readSections(partnerId: string, includeDescendants: boolean, ask: Ask) {
  const about = { partnerId, includeDescendants };
  return settled({
    profile: ask(directory.getPartner, { id: partnerId }),
    hierarchy: ask(directory.getPartnerHierarchy, { id: partnerId }),
    programs: ask(programs.getPartnership, { partnerId }),
    staff: ask(directory.listStaff, { ...about, pageSize: 100, pageToken: '', states: [] }),
    deals: ask(deals.summarizeDeals, about),
    opportunities: ask(deals.summarizeOpportunities, about),
    quotes: ask(quoting.summarizeQuotes, about),
    orders: ask(orders.summarizeOrders, { ...about, ownerPersonId: '' }),
    cases: ask(cases.summarizeCases, about),
  });
}

async function settled<T extends Record<string, Promise<unknown>>>(answers: T): Promise<{ [K in keyof T]: Section<Awaited<T[K]>> }> {
  const entries = await Promise.all(Object.entries(answers).map(async ([name, answer]) => [name, await toSection(answer)]));
  return Object.fromEntries(entries);
}

function toView(sections: Sections, includeDescendants: boolean): Partner360 {
  const now = Date.now();
  const { profile, programs, staff, hierarchy } = sections;
  const at = (section: Section<unknown>) => ({ status: statusOf(section, now) });
  return Partner360.fromPartial({
    profile: { ...at(profile), partner: profile.content },
    hierarchy: { ...at(hierarchy), ...toHierarchy(hierarchy.content) },
    programs: { ...at(programs), partnership: programs.content },
    staff: { ...at(staff), staff: staff.content?.staff ?? [], more: Boolean(staff.content?.nextPageToken) },
    deals: { ...at(sections.deals), summary: sections.deals.content },
    opportunities: { ...at(sections.opportunities), summary: sections.opportunities.content },
    quotes: { ...at(sections.quotes), summary: sections.quotes.content },
    orders: { ...at(sections.orders), summary: sections.orders.content },
    cases: { ...at(sections.cases), summary: sections.cases.content },
    keyFigures: toKeyFigures(sections, now),
    recentActivity: toRecentActivity(sections, now),
    includeDescendants,
  });
}

function toHierarchy(hierarchy: PartnerHierarchy | undefined): Omit<HierarchySection, 'status'> {
  const nodes = hierarchy?.nodes ?? [];
  return {
    children: nodes.filter(({ depth }) => depth === 1),
    ancestors: nodes.filter(({ depth }) => depth < 0).sort((a, b) => a.depth - b.depth),
    descendantCount: nodes.filter(({ depth }) => depth > 0).length,
  };
}
