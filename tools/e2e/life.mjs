// The life of one deal, step by step. Each step is played by whoever would do it and says which service it leans on most.
import { approve, claimAgain, convert, race, register } from './life-deal.mjs';
import { accept, approveQuote, fulfil, order, quote, serve, stranger, win } from './life-sale.mjs';
import { eventually, expect } from './person.mjs';

/** @type {{ name: string, service: string, play: (world: any) => Promise<void>, shows?: (view: any, world: any) => boolean }[]} */
export const steps = [
  {
    name: 'an associate registers a deal',
    service: 'deal-registration',
    play: register,
    shows: (view) => count(view.deals.summary, 'SUBMITTED') === 1,
  },
  { name: 'a second partner claims the same customer and learns only what it may', service: 'partner-directory', play: claimAgain },
  {
    name: 'the desk approves the first claim and cannot approve the second',
    service: 'deal-registration',
    play: approve,
    shows: (view) => count(view.deals.summary, 'APPROVED') === 1,
  },
  { name: 'fifty claims on one customer leave one protection', service: 'deal-registration', play: race },
  {
    name: 'the deal becomes an opportunity, once',
    service: 'deal-registration',
    play: convert,
    shows: (view) => view.opportunities.summary.recent.length === 1,
  },
  {
    name: 'a quote with lines of two partners is priced',
    service: 'quoting',
    play: quote,
    shows: (view) => count(view.quotes.summary, 'PRICED') === 1,
  },
  {
    name: 'its discount is approved by those who may',
    service: 'quoting',
    play: approveQuote,
    shows: (view) => count(view.quotes.summary, 'APPROVED') === 1,
  },
  { name: 'the customer accepts', service: 'quoting', play: accept, shows: (view) => count(view.quotes.summary, 'ACCEPTED') === 1 },
  {
    name: 'the order waits for review and is approved by the order desk',
    service: 'order',
    play: order,
    shows: (view) => count(view.orders.summary, 'IN_FULFILMENT') === 1,
  },
  {
    name: 'the order is fulfilled line by line',
    service: 'order',
    play: fulfil,
    shows: (view) => count(view.orders.summary, 'FULFILLED') === 1,
  },
  {
    name: 'the opportunity is won',
    service: 'deal-registration',
    play: win,
    shows: (view) => view.keyFigures.currencies.some(({ wonRevenue }) => Number(wonRevenue?.units) > 0),
  },
  {
    name: 'a case for the end customer is opened and resolved',
    service: 'case',
    play: serve,
    shows: (view) => count(view.cases.summary, 'RESOLVED') === 1,
  },
  { name: 'a stranger sees none of it', service: 'gateway', play: stranger },
];

/** A summary counts by state; the field's name is the resource's. */
function count(summary, state) {
  const counts = Object.entries(summary ?? {}).find(([name, value]) => /counts|states/i.test(name) && Array.isArray(value))?.[1] ?? [];
  const found = counts.find(
    (entry) => String(entry.state).endsWith(`_${state}`) && (state !== 'FULFILLED' || !String(entry.state).includes('PARTIALLY')),
  );
  return Number(found?.count ?? 0);
}

/** Milliseconds until Partner 360 shows what the step did. */
export async function shownAfter(step, world) {
  if (!step.shows) return undefined;
  const started = Date.now();
  await eventually(async () => {
    const view = await world.executive.get(`partners/${world.first.id}:view360`);
    expect(
      step.shows(view, world),
      `Partner 360 shows that ${step.name}`,
      Object.fromEntries(Object.entries(view).map(([name, section]) => [name, section?.status?.state ?? section])),
    );
  });
  return Date.now() - started;
}
