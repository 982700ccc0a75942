import type { Principal } from '@openprm/access';
import type { Announcement, LiveEvent } from './live-event';
import type { Visibilities } from './visibility';

/** One open stream. */
export interface Listener {
  principal: Principal;
  send(event: LiveEvent): void;
}

/** So many events can be caught up with after a broken connection. */
const REMEMBERED = 500;

/** Hands what happens to whoever listens and may know of it. */
export class Hub {
  readonly #listeners = new Set<Listener>();
  readonly #recent: Announcement[] = [];

  constructor(private readonly visibilities: Visibilities) {}

  get size(): number {
    return this.#listeners.size;
  }

  /** Starts listening; `after` is the id of the last event a broken stream has seen. */
  async join(listener: Listener, after: string | undefined): Promise<() => void> {
    const missed = this.#since(after);
    this.#listeners.add(listener);
    for (const announcement of missed) await this.#tell(listener, announcement);
    return () => void this.#listeners.delete(listener);
  }

  async announce(announcement: Announcement): Promise<void> {
    this.#recent.push(announcement);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    for (const listener of [...this.#listeners]) await this.#tell(listener, announcement);
  }

  async #tell(listener: Listener, announcement: Announcement): Promise<void> {
    const visibility = await this.visibilities.of(listener.principal);
    if (this.#listeners.has(listener) && visibility.sees(announcement)) listener.send(announcement.event);
  }

  #since(id: string | undefined): Announcement[] {
    const at = id ? this.#recent.findIndex(({ event }) => event.id === id) : -1;
    return at < 0 ? [] : this.#recent.slice(at + 1);
  }
}
