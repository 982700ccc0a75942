/** A group can start anew only while nobody reads in it. */
export class GroupBusyError extends Error {
  constructor(group: string) {
    super(`The group ${group} has members: stop them first.`);
    this.name = 'GroupBusyError';
  }
}
