/** A start that cannot go on: `message` is one line for a person, and names the fix. */
export class Refusal extends Error {
  name = 'Refusal';
}

const fileErrors = {
  EACCES: (path) => `${path} cannot be written by this user`,
  EPERM: (path) => `${path} cannot be written by this user`,
  EROFS: (path) => `${path} is on a read-only file system`,
  ENOENT: (path) => `${path} cannot be made there`,
  ENOSPC: (path) => `the disk of ${path} is full`,
  EDQUOT: (path) => `the disk quota at ${path} is used up`,
  ENOTDIR: (path) => `${path} is not a folder`,
  EEXIST: (path) => `${path} is not a folder`,
};

/** Turns a file system error about the data folder into a refusal; anything else is given back unchanged. */
export function toRefusal(error, folder) {
  const describe = fileErrors[error?.code];
  if (!describe) return error;
  return new Refusal(
    `The data folder cannot be used: ${describe(folder)}. Mend that, or choose another folder with PRM_DATA=/some/folder.`,
  );
}
