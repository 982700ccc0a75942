import { makeAsyncApi } from '../src/documents/asyncapi';
import { makeOpenApi } from '../src/documents/openapi';
import { givenRest, type Json } from './given-rest';
import { givenScratchContracts } from './given-scratch-contracts';
import { givenServices } from './given-services';

const PROTO = `
syntax = "proto3";
package prm.boats.v1;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/protobuf/empty.proto";
import "prm/options/v1/options.proto";
// Boats.
service BoatService {
  // Names a boat. It may sail afterwards.
  rpc NameBoat(NameBoatRequest) returns (Boat) {
    option (google.api.http) = {
      post: "/v1/boats/{id}:name"
      body: "*"
      additional_bindings {
        get: "/v1/harbours/{harbour}/boats/{id}"
      }
    };
  }
  // Sinks a boat.
  rpc SinkBoat(SinkBoatRequest) returns (google.protobuf.Empty) {
    option (google.api.http) = {delete: "/v1/boats/{id}"};
  }
}
// Request of NameBoat.
message NameBoatRequest {
  // Which.
  string id = 1;
  // Harbour.
  string harbour = 2;
  // New name.
  string name = 3 [(google.api.field_behavior) = REQUIRED, (buf.validate.field).string.max_len = 5];
  // Whether it has sails.
  bool sails = 4;
  // Tons.
  int64 tons = 5;
}
// Request of SinkBoat.
message SinkBoatRequest {
  // Which.
  string id = 1;
}
// A boat.
message Boat {
  // Which.
  string id = 1;
  // Tons.
  int64 tons = 2;
  // Flags by country.
  map<string, string> flags = 3;
}
// A boat has a name.
message BoatNamed {
  option (prm.options.v1.event) = {topic: "prm.boats.v1.boat" key: "boat.id"};
  // The boat.
  Boat boat = 1;
}
`;

describe('adding an RPC to a proto', () => {
  const contracts = givenScratchContracts('prm/boats/v1/boats.proto', PROTO);

  it('adds its REST routes, additional bindings and rules included', async () => {
    const services = await givenServices(contracts, {
      NameBoat: ({ request }) => ({ id: request['id'] as string, tons: String(request['tons']) }),
      SinkBoat: () => ({}),
    });
    const api = await givenRest(contracts, { 'prm.boats.v1': services.address });
    try {
      expect(await api.ask('POST', '/v1/boats/7:name', { body: { name: 'Argo', tons: '9007199254740993' } })).toMatchObject({
        status: 200,
        json: { id: '7', tons: '9007199254740993', flags: {} },
      });
      expect(await api.ask('GET', '/v1/harbours/kiel/boats/7?name=Argo&sails=true&tons=2')).toMatchObject({
        status: 200,
        json: { id: '7', tons: '2' },
      });
      expect(services.calls.at(-1)!.seen.request).toMatchObject({ harbour: 'kiel', sails: true });
      expect(await api.ask('GET', '/v1/harbours/kiel/boats/7?sails=maybe')).toMatchObject({
        status: 400,
        json: { violations: [{ field: 'sails', description: 'expected true or false' }] },
      });
      expect(await api.ask('POST', '/v1/boats/7:name', { body: { name: 'Titanic' } })).toMatchObject({
        status: 400,
        json: { violations: [{ field: 'name' }] },
      });
      expect(await api.ask('POST', '/v1/boats/7:name', { body: { id: '8', name: 'Argo' } })).toMatchObject({
        status: 400,
        json: { violations: [{ field: 'id', description: 'differs from the path' }] },
      });
      expect((await api.ask('POST', '/v1/boats/7:name', { text: '{"tons": 9007199254740993}' })).json.violations[0].description).toContain(
        '2^53',
      );
      expect((await api.ask('DELETE', '/v1/boats/7')).status).toBe(204);
      expect((await api.ask('DELETE', '/v1/boats/7', { body: {} })).status).toBe(400);
    } finally {
      await api.stop();
      await services.stop();
    }
  });

  it('adds its operation, parameters and schemas to the OpenAPI document', () => {
    const document = makeOpenApi(contracts) as Json;
    expect(document.paths['/v1/boats/{id}:name'].post).toMatchObject({
      operationId: 'nameBoat',
      tags: ['BoatService'],
      summary: 'Names a boat',
    });
    expect(document.components.schemas.NameBoatRequest).toMatchObject({
      properties: { name: { type: 'string', maxLength: 5, description: 'New name.' } },
      required: ['name'],
    });
    expect(document.paths['/v1/harbours/{harbour}/boats/{id}'].get.parameters.map((each: Json) => each.name)).toEqual([
      'harbour',
      'id',
      'name',
      'sails',
      'tons',
    ]);
    expect(document.components.schemas.Boat.required).toEqual(['id', 'tons', 'flags']);
  });

  it('adds its event to the AsyncAPI document', () => {
    const document = makeAsyncApi(contracts) as Json;
    expect(document.channels['boats-v1-boat']).toMatchObject({
      address: 'prm.boats.v1.boat',
      messages: { BoatNamed: { $ref: '#/components/messages/prm.boats.v1.BoatNamed' } },
    });
    expect(document.components.messages['prm.boats.v1.BoatNamed']).toMatchObject({
      summary: 'A boat has a name',
      payload: { $ref: '#/components/schemas/BoatNamed' },
    });
  });
});
