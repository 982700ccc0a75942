import { createHash } from 'node:crypto';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for HTML content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const STYLE = `
:root{color-scheme:light dark;--line:#767a85;--accent:#2b46b8;--on-accent:#fff;--quiet:#4a4f5c;--alert:#a3142b}
@media (prefers-color-scheme:dark){:root{--line:#8d93a3;--accent:#aebcff;--on-accent:#10152b;--quiet:#b8bdca;--alert:#ff9aa8}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;margin:0;padding:2rem 1rem;display:flex;justify-content:center}
main{width:100%;max-width:26rem}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1rem;margin:2rem 0 .5rem}
p{margin:.25rem 0 1rem;color:var(--quiet)}
ul{list-style:none;margin:0;padding:0}
li+li{margin-top:.5rem}
button{font:inherit;min-height:3rem;width:100%;padding:.5rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:none;color:inherit;text-align:left;cursor:pointer}
button.main{background:var(--accent);color:var(--on-accent);border-color:var(--accent);text-align:center;margin-top:.75rem}
button:focus-visible,input:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
button span{display:block;font-size:.875rem;color:var(--quiet)}
label{display:block;margin-bottom:.25rem}
input{font:inherit;width:100%;min-height:3rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.5rem;background:none;color:inherit}
.alert{color:var(--alert);border-left:4px solid;padding-left:.75rem}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** No script, no frame, no foreign resource. Browsers hold redirects after a form to `form-action` too, hence the gateway's origin. */
export const contentSecurityPolicy = (formTargets: string[]): string =>
  [
    `default-src 'none'`,
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; ');

/** A whole page around `body`, which must be escaped already. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · OpenPRM</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
