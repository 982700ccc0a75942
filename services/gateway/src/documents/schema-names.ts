import type { DescEnum, DescMessage, FileRegistry } from '@bufbuild/protobuf';

type Named = DescMessage | DescEnum;

/** Short names for schemas: `Deal`; `OrderActivity` and `QuotingActivity` style where two packages share a name. */
export function makeSchemaNames(registry: FileRegistry): (desc: Named) => string {
  const users = new Map<string, number>();
  for (const desc of registry) {
    if ((desc.kind === 'message' || desc.kind === 'enum') && isOurs(desc))
      users.set(shortName(desc), (users.get(shortName(desc)) ?? 0) + 1);
  }
  return (desc) => ((users.get(shortName(desc)) ?? 0) > 1 ? areaOf(desc) : '') + shortName(desc);
}

function isOurs(desc: Named): boolean {
  return /^(prm|google\.type)\./.test(desc.typeName);
}

/** `prm.order.v1.Order.Line` -> `OrderLine` */
function shortName(desc: Named): string {
  return desc.typeName.slice(desc.file.proto.package.length + 1).replaceAll('.', '');
}

/** `prm.dealregistration.v1` -> `Dealregistration` */
function areaOf(desc: Named): string {
  const [, area = 'Other'] = desc.file.proto.package.split('.');
  return area.charAt(0).toUpperCase() + area.slice(1);
}
