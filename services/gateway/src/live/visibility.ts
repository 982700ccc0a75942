import { organisationsSql, Params, readScope, type Callers, type EnterpriseRole, type Principal } from '@openprm/access';
import { run, type Database } from '@openprm/postgres';
import type { Announcement } from './live-event';

/** What one person may hear. */
export interface Visibility {
  sees(announcement: Announcement): boolean;
}

/** Desks read every record of their own area. */
const DESKS: Record<string, EnterpriseRole[]> = {
  dealregistration: ['DEAL_DESK'],
  quoting: ['DEAL_DESK'],
  order: ['ORDER_DESK'],
  supportcase: ['SUPPORT_AGENT'],
};

/** A right that was taken away is gone from open streams after this long at the latest, plus the way of the event that says so. */
const KEEP_MS = 2_000;

/** Who hears what, by the same scope rule as the services, from the gateway's own copies. */
export class Visibilities {
  readonly #kept = new Map<string, { until: number; visibility: Promise<Visibility> }>();

  constructor(
    private readonly database: Database,
    private readonly callers: Callers,
  ) {}

  of(principal: Principal): Promise<Visibility> {
    const found = this.#kept.get(principal.id);
    if (found && found.until > Date.now()) return found.visibility;
    if (this.#kept.size > 10_000) this.#kept.clear();
    const visibility = this.#load(principal);
    this.#kept.set(principal.id, { until: Date.now() + KEEP_MS, visibility });
    visibility.catch(() => this.#kept.delete(principal.id));
    return visibility;
  }

  /** After a change of partners or memberships. */
  forget(): void {
    this.callers.forget();
    this.#kept.clear();
  }

  async #load(principal: Principal): Promise<Visibility> {
    const caller = await this.callers.of(principal);
    const scope = readScope(caller);
    if (scope.all) return { sees: () => true };
    const params = new Params();
    const rows = await run<{ org: string }>(this.database, organisationsSql(scope, params), params.values);
    const partners = new Set(rows.map(({ org }) => org));
    const desk = (area: string) => (DESKS[area] ?? []).some((role) => caller.enterprise.has(role));
    return { sees: ({ area, audience }) => desk(area) || audience.some((partner) => partners.has(partner)) };
  }
}
