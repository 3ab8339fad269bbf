// The contract, and the check of a response against it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

import { root } from './paths.js';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Record<string, unknown>;
}
interface Header {
  required?: boolean;
  schema: object;
}
export interface ResponseSpec {
  description: string;
  headers?: Record<string, Header>;
  content?: Record<
    string,
    { schema?: object; example?: unknown; examples?: Record<string, { value: unknown }> }
  >;
}
export interface Operation {
  id: string;
  method: string;
  template: string;
  parameters: Parameter[];
  responses: Record<string, ResponseSpec>;
}
type Node = Record<string, unknown>;

export const text = readFileSync(join(root, 'openapi.yaml'), 'utf8');
export const document = parse(text) as Node;

/** Follows a `$ref`, which always points into the contract. */
export function resolve<T>(node: unknown): T {
  const ref = (node as { $ref?: string }).$ref;
  if (ref === undefined) return node as T;

  const found = ref
    .replace(/^#\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (at as Node | undefined)?.[part], document);
  if (found === undefined) throw new Error(`openapi.yaml: nothing at ${ref}`);
  return resolve<T>(found);
}

function readOperation(template: string, method: string, shared: unknown[], node: Node): Operation {
  const own = (node['parameters'] as unknown[] | undefined) ?? [];
  const responses = Object.entries(node['responses'] as Node).map(([status, response]) => {
    const answer = resolve<ResponseSpec>(response);
    const headers = Object.entries(answer.headers ?? {}).map(([name, header]) => [
      name,
      resolve<Header>(header),
    ]);
    return [
      status,
      { ...answer, headers: Object.fromEntries(headers) as Record<string, Header> },
    ] as const;
  });

  return {
    id: node['operationId'] as string,
    method: method.toUpperCase(),
    template,
    parameters: [...shared, ...own].map((parameter) => resolve<Parameter>(parameter)),
    responses: Object.fromEntries(responses),
  };
}

export const operations: Operation[] = Object.entries(
  document['paths'] as Record<string, Node>,
).flatMap(([template, { parameters, ...methods }]) =>
  Object.entries(methods).map(([method, node]) =>
    readOperation(template, method, (parameters as unknown[] | undefined) ?? [], node as Node),
  ),
);

/** The operation of a request; that of HEAD is the one of GET. */
export function operationFor(method: string, target: string): Operation | undefined {
  const path = target.split('?', 1)[0] ?? '';
  const wanted = method === 'HEAD' ? 'GET' : method;

  return operations.find(
    (operation) =>
      operation.method === wanted &&
      new RegExp(
        `^${operation.template.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`,
      ).test(path),
  );
}

/** A copy in which an object has no other members than those named. The service may add members within
 *  a version, but then the contract must name them. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return 'properties' in copy && !('additionalProperties' in copy)
    ? { ...copy, additionalProperties: false }
    : copy;
}

/** A copy without required members: the schema of records when `fields` selected some. */
function optional(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(optional);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => key !== 'required' || !Array.isArray(value))
      .map(([key, value]) => [key, optional(value)]),
  );
}

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
(formats as unknown as (instance: Ajv2020) => void)(ajv);
ajv.addVocabulary(['example', 'components']);
ajv.addSchema({
  $id: 'contract',
  components: { schemas: closed((document['components'] as Node)['schemas']) },
});
ajv.addSchema({
  $id: 'chosen',
  components: { schemas: optional(closed((document['components'] as Node)['schemas'])) },
});

const compiled = {
  contract: new Map<object, ValidateFunction>(),
  chosen: new Map<object, ValidateFunction>(),
};

/** Returns why a value does not match the schema; '' when it does. */
export function schemaError(
  schema: object,
  value: unknown,
  of: 'contract' | 'chosen' = 'contract',
): string {
  let check = compiled[of].get(schema);

  if (!check) {
    const local = JSON.parse(
      JSON.stringify(closed(schema)).replaceAll('"#/', `"${of}#/`),
    ) as object;
    check = ajv.compile(local);
    compiled[of].set(schema, check);
  }
  return check(value) ? '' : ajv.errorsText(check.errors, { separator: '\n  ', dataVar: 'body' });
}

export interface Exchange {
  method: string;
  target: string;
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The responses to a request that matches no operation, by status. */
const elsewhere: Record<string, string> = {
  308: 'OtherAddress',
  400: 'BadRequest',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  411: 'LengthRequired',
  414: 'TargetTooLong',
  429: 'TooManyRequests',
  431: 'FieldsTooLarge',
  501: 'UnknownMethod',
  505: 'VersionUnsupported',
};

function documented(
  exchange: Exchange,
  operation: Operation | undefined,
): ResponseSpec | undefined {
  if (operation) return operation.responses[exchange.status];
  const name = elsewhere[exchange.status];
  return name ? resolve<ResponseSpec>({ $ref: `#/components/responses/${name}` }) : undefined;
}

function headerErrors(spec: ResponseSpec, headers: Record<string, string>): string[] {
  return Object.entries(spec.headers ?? {}).flatMap(([name, node]) => {
    const header = resolve<Header>(node);
    const value = headers[name.toLowerCase()];
    if (value === undefined) return header.required ? [`header ${name} is missing`] : [];
    const schema = resolve<{ type?: string }>(header.schema);
    const wrong = schemaError(header.schema, schema.type === 'integer' ? Number(value) : value);
    return wrong ? [`header ${name}: ${value}: ${wrong}`] : [];
  });
}

/** A body without its content coding. */
export function decoded(coding: string | undefined, body: Buffer): Buffer {
  if (coding === undefined) return body;
  return coding === 'gzip' ? gunzipSync(body) : brotliDecompressSync(body);
}

function bodyErrors(spec: ResponseSpec, exchange: Exchange): string[] {
  const { method, status, headers, body } = exchange;
  const media = headers['content-type']?.split(';', 1)[0];

  if (!spec.content) return body.length > 0 ? ['a body where none is documented'] : [];
  const content = media === undefined ? undefined : spec.content[media];
  if (!content) return [`Content-Type ${media ?? '(none)'} is not documented for ${status}`];
  if (method === 'HEAD') return body.length > 0 ? ['a body in the response to HEAD'] : [];
  if (!/[/+]json$/.test(media ?? '') || !content.schema) return [];

  const parsed: unknown = JSON.parse(decoded(headers['content-encoding'], body).toString('utf8'));
  const chosen = status === 200 && new URLSearchParams(exchange.target.split('?')[1]).has('fields');
  const wrong = schemaError(content.schema, parsed, chosen ? 'chosen' : 'contract');
  return wrong ? [wrong] : [];
}

/** Returns how a response breaks the contract; an empty list when it does not. */
export function contractErrors(exchange: Exchange): string[] {
  if (exchange.method === 'OPTIONS' && exchange.status === 204)
    return exchange.body.length > 0 ? ['a body with status 204'] : [];

  const spec = documented(exchange, operationFor(exchange.method, exchange.target));
  if (!spec) return [`status ${exchange.status} is not documented`];
  return [...headerErrors(spec, exchange.headers), ...bodyErrors(spec, exchange)];
}
