/** The principal of a program: its memberships are kept under this address, so that roles work as they do for people. */
export const principalOfClient = (clientId: string): string => `${clientId}@clients`;

/** Mail addresses are compared without letter case and surrounding blanks. */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase();
