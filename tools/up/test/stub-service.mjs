// Stands in for a service: answers health like one, and ends on SIGTERM. STUB_FAILS makes it end at its start.
import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';

if (process.env.STUB_FAILS) {
  console.error('DATABASE_URL: is not set: give a URL like postgres://….');
  process.exit(1);
}
const { HOST, GRPC_PORT, HTTP_PORT } = process.env;
const server = GRPC_PORT ? grpc() : createHttp((_request, response) => response.end(JSON.stringify(process.env)));
server.listen(Number(GRPC_PORT ?? HTTP_PORT), HOST);
process.on('SIGTERM', () => process.exit(0));

function grpc() {
  const http2 = createHttp2();
  http2.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
  });
  return http2;
}
