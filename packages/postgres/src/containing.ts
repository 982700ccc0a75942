/** Pattern for ILIKE of texts that contain `text` as it stands: its own wildcards are letters. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
