// The content of the image, compared with its bill of materials.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Stack } from './stack.js';

const MOST_BYTES = 60_000_000;

interface Bill {
  spdxVersion: string;
  dataLicense: string;
  documentNamespace: string;
  creationInfo: { created: string };
  packages: { SPDXID: string; name: string; versionInfo: string }[];
  files: {
    SPDXID: string;
    fileName: string;
    checksums: { algorithm: string; checksumValue: string }[];
  }[];
  relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[];
}

function checkBill(root: string): void {
  const documents = join(root, 'usr/share/doc');
  const bill = JSON.parse(
    readFileSync(join(documents, 'cybertreaty/sbom.spdx.json'), 'utf8'),
  ) as Bill;
  const present = (readdirSync(root, { recursive: true, encoding: 'utf8' }) as string[]).filter(
    (name) => statSync(join(root, name)).isFile(),
  );
  const ids = new Set([
    'SPDXRef-DOCUMENT',
    ...[...bill.packages, ...bill.files].map((it) => it.SPDXID),
  ]);

  assert.equal(bill.spdxVersion, 'SPDX-2.3');
  assert.equal(bill.dataLicense, 'CC0-1.0');
  assert.match(bill.documentNamespace, /^https:\/\/[^#]+$/);
  assert.match(bill.creationInfo.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(ids.size, bill.packages.length + bill.files.length + 1, 'identifiers are unique');
  for (const { spdxElementId, relatedSpdxElement } of bill.relationships)
    assert.ok(ids.has(spdxElementId) && ids.has(relatedSpdxElement), relatedSpdxElement);

  for (const { fileName, checksums } of bill.files) {
    const content = readFileSync(join(root, fileName));
    for (const { algorithm, checksumValue } of checksums)
      assert.equal(
        createHash(algorithm.toLowerCase()).update(content).digest('hex'),
        checksumValue,
        fileName,
      );
  }
  const listed = new Set(bill.files.map(({ fileName }) => fileName.slice('./'.length)));
  for (const name of present.filter((file) => /\.so(\.|$)|^usr\/bin\//.test(file)))
    assert.ok(listed.has(name), `${name} is not in the list`);
  assert.ok(bill.packages.some(({ SPDXID }) => SPDXID === 'SPDXRef-Package-swagger-ui-dist'));
  for (const { name } of bill.packages.filter((it) => it.name !== 'swagger-ui-dist'))
    assert.ok(statSync(join(documents, name, 'copyright')).size > 0, name);
}

export async function checkImage(stack: Stack, image: string): Promise<number> {
  const [{ Size: size, Config: config }] = JSON.parse(await stack.docker(['inspect', image])) as [
    { Size: number; Config: { User: string; Labels: Record<string, string>; Cmd: string[] } },
  ];
  const version = await stack.docker(['run', '--rm', image, '--version']);

  assert.ok(size < MOST_BYTES, `${size} bytes`);
  assert.match(config.User, /^[1-9]\d*:[1-9]\d*$/);
  assert.equal(`cybertreaty ${config.Labels['org.opencontainers.image.version']}`, version);
  assert.equal(config.Labels['org.opencontainers.image.licenses'], 'Apache-2.0');

  const folder = mkdtempSync(join(tmpdir(), 'ct-image-'));
  const container = await stack.docker(['create', image]);
  try {
    const { code, stdout, stderr } = await stack.try(['export', container]);
    assert.equal(code, 0, stderr);
    const archive = join(folder, 'image.tar');
    writeFileSync(archive, stdout);
    execFileSync('tar', ['-C', folder, '-x', '-f', archive]);
    rmSync(archive);
    checkBill(folder);
  } finally {
    await stack.docker(['rm', container]);
    rmSync(folder, { recursive: true, force: true });
  }
  return size;
}

interface Container {
  Name: string;
  Config: { User: string };
  HostConfig: {
    CapDrop: string[] | null;
    ReadonlyRootfs: boolean;
    SecurityOpt: string[] | null;
    Memory: number;
    NanoCpus: number;
    CpuQuota: number;
    LogConfig: { Type: string; Config: Record<string, string> | null };
    RestartPolicy: { Name: string };
    PortBindings: Record<string, { HostPort: string }[] | null> | null;
  };
  Mounts: { Destination: string; RW: boolean }[];
}

/** Checks the limits and privileges of every running container. */
export async function checkContainers(stack: Stack): Promise<void> {
  const ids = (await stack.compose(['ps', '-a', '-q'])).split('\n');
  const containers = JSON.parse(await stack.docker(['inspect', ...ids])) as Container[];
  const part = ({ Name }: Container): string => /-([a-z]+)-\d+$/.exec(Name)?.[1] ?? Name;

  assert.deepEqual(containers.map(part).sort(), [
    'api',
    'db',
    'migrate',
    'proxy',
    'roles',
    'secrets',
  ]);
  for (const container of containers) {
    const { HostConfig: host, Mounts: mounts } = container;
    const name = part(container);

    assert.equal(host.ReadonlyRootfs, true, name);
    assert.ok((host.CapDrop ?? []).length > 0, name);
    assert.ok(
      host.SecurityOpt?.some((option) => option.startsWith('no-new-privileges')),
      name,
    );
    assert.ok(host.Memory > 0, `${name} has a limit of memory`);
    assert.ok(host.NanoCpus > 0 || host.CpuQuota > 0, `${name} has a limit of CPU`);
    assert.equal(
      host.RestartPolicy.Name.replace(/^$/, 'no'),
      ['secrets', 'roles', 'migrate'].includes(name) ? 'no' : 'unless-stopped',
      name,
    );
    for (const { Destination, RW } of mounts)
      if (Destination === '/secrets') assert.equal(RW, name === 'secrets', `${name} /secrets`);
    const published = Object.values(host.PortBindings ?? {}).flatMap((hosts) => hosts ?? []);
    assert.equal(
      published.some(({ HostPort }) => HostPort !== ''),
      name === 'proxy',
      name,
    );
  }
}
