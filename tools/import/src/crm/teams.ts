import type { ItemResult } from '../api';
import { readRows } from '../csv';
import { Names } from '../names';
import { Refusal } from '../refusal';
import type { Place } from '../report';
import { keyOf, slugOf } from '../values';
import { knownId, outcomeOf, refusalOf, refusing, type Agent, type Context } from './context';

interface TeamRow {
  place: Place;
  agent: string;
  manager: string;
  office: string;
}

interface Organisation {
  name: string;
  externalId: string;
  id: string;
  result: ItemResult;
}

const self = (result: ItemResult): ItemResult => result;

/** Offices become partners, managers partners below them, agents staff of their manager's organisation. */
export async function importTeams(context: Context): Promise<Names<Agent>> {
  const { mapping, report } = context;
  const agents = new Names<Agent>('sales agent', mapping.teams.file);
  const rows = await readTeams(context);
  const offices = await importOrganisations(
    context,
    distinct(rows, (row) => row.office).map((row) => ({ name: row.office, externalId: officeId(row), parent: '' })),
  );
  const managers = await importOrganisations(
    context,
    distinct(rows, (row) => row.manager).map((row) => ({ name: row.manager, externalId: managerId(row), parent: officeId(row) })),
  );
  await importStaff(
    context,
    distinct(rows, (row) => row.manager).flatMap((row) => staffItem(context, managers, row, row.manager, 'ROLE_PARTNER_MANAGER')),
  );
  const staff = await importStaff(
    context,
    rows.flatMap((row) => staffItem(context, managers, row, row.agent, 'ROLE_PARTNER_ASSOCIATE')),
  );
  const persons = await personsOf(context, [...offices.values()]);
  for (const row of rows) {
    const organisation = [offices.get(keyOf(row.office))!, managers.get(keyOf(row.manager))!].find(
      (each) => outcomeOf(each.result) === 'refused',
    );
    const result = staff.get(staffId(row.agent, row)) ?? organisation?.result;
    refusing(report, row.place, () => {
      if (organisation || (result && outcomeOf(result) === 'refused'))
        throw refusalOf(organisation?.result ?? result!, mapping.teams, { agent: row.agent, manager: row.manager, office: row.office });
      const partner = managers.get(keyOf(row.manager))!;
      const email = emailOf(context, row.agent, row.manager);
      agents.add(mapping.teams.columns['agent']!, row.agent, row.place.line, {
        name: row.agent,
        email,
        partnerId: partner.id,
        personId: persons.get(email) ?? '',
      });
      report.row(row.place, result ? outcomeOf(result) : 'created');
    });
  }
  return agents;
}

/** A manager belongs to one office, an agent stands once. */
async function readTeams({ folder, mapping, report }: Context): Promise<TeamRow[]> {
  const { file, columns } = mapping.teams;
  const rows: TeamRow[] = [];
  const seen = { agents: new Map<string, number>(), offices: new Map<string, TeamRow>() };
  for await (const { line, values, refusal } of readRows(folder, mapping.teams)) {
    const place = { file, line, key: values['agent'] ?? '' };
    const row = { place, agent: values['agent']!, manager: values['manager']!, office: values['office']! };
    refusing(report, place, () => {
      if (refusal) throw refusal;
      const twice = seen.agents.get(keyOf(row.agent));
      if (twice) throw new Refusal(columns['agent']!, row.agent, 'DUPLICATE', `is the same as in line ${twice}.`);
      const first = seen.offices.get(keyOf(row.manager));
      if (first && keyOf(first.office) !== keyOf(row.office))
        throw new Refusal(
          columns['office']!,
          row.office,
          'SECOND_OFFICE',
          `${row.manager} belongs to ${first.office} in line ${first.place.line}.`,
        );
      seen.agents.set(keyOf(row.agent), line);
      seen.offices.set(keyOf(row.manager), first ?? row);
      rows.push({ ...row, manager: first?.manager ?? row.manager, office: first?.office ?? row.office });
    });
  }
  return rows;
}

const officeId = (row: TeamRow): string => `crm:office:${keyOf(row.office)}`;
const managerId = (row: TeamRow): string => `crm:manager:${keyOf(row.manager)}`;
const staffId = (person: string, row: TeamRow): string => `crm:staff:${keyOf(person)}@${keyOf(row.manager)}`;

function distinct(rows: TeamRow[], by: (row: TeamRow) => string): TeamRow[] {
  return [...new Map([...rows].reverse().map((row) => [keyOf(by(row)), row])).values()].reverse();
}

async function importOrganisations(
  context: Context,
  wanted: { name: string; externalId: string; parent: string }[],
): Promise<Map<string, Organisation>> {
  const { mapping, api } = context;
  const items = wanted.map(({ name, externalId, parent }) => ({
    externalId,
    partner: { name, types: mapping.teams.partnerTypes },
    parentExternalId: parent,
    state: 'PARTNER_STATE_ACTIVE',
  }));
  // A dry run cannot name a parent that is not there; the parent alone decides then.
  const sent = context.dryRun ? items.map((item) => ({ ...item, parentExternalId: '' })) : items;
  const results = await api.importItems('/v1/partners:import', sent, self);
  return new Map(
    wanted.map((each, index) => [keyOf(each.name), { ...each, result: results[index]!, id: knownId(context, results[index]!) }]),
  );
}

function staffItem(context: Context, managers: Map<string, Organisation>, row: TeamRow, person: string, role: string): object[] {
  const { id } = managers.get(keyOf(row.manager))!;
  if (!id) return [];
  return [
    { externalId: staffId(person, row), partnerId: id, staffMember: { name: person, email: emailOf(context, person, row.manager), role } },
  ];
}

/** The data hold no addresses: each is made of the two names, the same in every run. */
const emailOf = ({ mapping }: Context, person: string, manager: string): string =>
  mapping.teams.mailAddress.replace('{person}', slugOf(person, '.')).replace('{manager}', slugOf(manager, '-'));

async function importStaff({ api }: Context, items: object[]): Promise<Map<string, ItemResult>> {
  const results = await api.importItems('/v1/staff:import', items, self);
  return new Map(results.map((result) => [result.externalId, result]));
}

interface StaffPage {
  staff?: { email: string; personId: string }[];
  nextPageToken?: string;
}

/** Person ids by mail address, which the results of an import do not tell. */
async function personsOf({ api }: Context, offices: Organisation[]): Promise<Map<string, string>> {
  const persons = new Map<string, string>();
  for (const { id } of offices.filter((office) => office.id)) {
    for (let token = '', first = true; first || token; first = false) {
      const page: StaffPage = await api.get(
        `/v1/partners/${id}/staff?includeDescendants=true&pageSize=100&pageToken=${encodeURIComponent(token)}`,
      );
      for (const { email, personId } of page.staff ?? []) persons.set(email, personId);
      token = page.nextPageToken ?? '';
    }
  }
  return persons;
}
