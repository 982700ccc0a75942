import { GetPartner360Request, Partner360, Partner360ServiceService } from '@openprm/contracts/gateway';
import type { Call } from '../upstream/edge';
import { askFor } from './section';
import { viewPartner360 } from './view';

type Send = (call: Call) => Promise<Uint8Array>;

/** RPCs that the gateway carries out itself, by path; everything else goes to its service. */
export function withLocalRpcs(send: Send): Send {
  const local: Record<string, Send> = {
    [Partner360ServiceService.getPartner360.path]: async (call) =>
      Partner360.encode(await viewPartner360(GetPartner360Request.decode(call.request), askFor(call, send))).finish(),
  };
  return (call) => (local[call.path] ?? send)(call);
}
