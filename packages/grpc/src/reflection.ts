import { dirname, join } from 'node:path';
import { loadPackageDefinition, type Server, type ServerDuplexStream, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { registry } from '@openprm/contracts';

// The package's own service indexes every symbol at start: 300 MB and seconds for our contracts. Only its protos are used.
const PROTOS = join(dirname(require.resolve('@grpc/reflection/package.json')), 'build', 'proto', 'grpc', 'reflection');
const VERSIONS = ['v1', 'v1alpha'];

interface Request {
  host: string;
  listServices?: string;
  fileByFilename?: string;
  fileContainingSymbol?: string;
}

/** Adds gRPC server reflection over the contracts; `services` are the names it lists. */
export function addReflection(server: Server, services: string[]): void {
  for (const version of VERSIONS) {
    const definition = loadSync(join(PROTOS, version, 'reflection.proto'), { oneofs: true });
    const loaded = loadPackageDefinition(definition) as unknown as {
      grpc: { reflection: Record<string, { ServerReflection: { service: ServiceDefinition } }> };
    };
    server.addService(loaded.grpc.reflection[version]!.ServerReflection.service, {
      ServerReflectionInfo(stream: ServerDuplexStream<Request, object>) {
        stream.on('data', (request: Request) =>
          stream.write({ validHost: request.host, originalRequest: request, ...answer(request, services) }),
        );
        stream.on('end', () => stream.end());
      },
    });
  }
}

function answer(request: Request, services: string[]): object {
  if (request.listServices !== undefined) return { listServicesResponse: { service: services.map((name) => ({ name })) } };
  const file =
    request.fileByFilename !== undefined ? registry().getFile(request.fileByFilename) : fileOf(request.fileContainingSymbol ?? '');
  if (!file) return { errorResponse: { errorCode: 5, errorMessage: 'Not in the contracts of this service.' } };
  return {
    fileDescriptorResponse: {
      fileDescriptorProto: withDependencies(file).map((each) => Buffer.from(toBinary(FileDescriptorProtoSchema, each.proto))),
    },
  };
}

/** The file of a message, enum, extension, service, or of a service's method. */
function fileOf(symbol: string): DescFile | undefined {
  return registry().get(symbol)?.file ?? registry().get(symbol.slice(0, symbol.lastIndexOf('.')))?.file;
}

function withDependencies(file: DescFile, seen = new Set<DescFile>()): DescFile[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return [file, ...file.dependencies.flatMap((each) => withDependencies(each, seen))];
}
