// A private service for one test file, on a database that the file may change.
import { after } from 'node:test';

import { Client } from './client.js';
import { Cluster } from './database.js';
import { Service, type ServiceSettings } from './service.js';

export interface PrivateService {
  cluster: Cluster;
  database: string;
  service: Service;
  client: Client;
}

/** Starts a service on the reference data, in the cluster of the runner. It stops, and the database is
 * dropped, when the tests of the file have run. Call it at the top of the file. */
export async function startPrivateService(settings?: ServiceSettings): Promise<PrivateService> {
  const cluster = Cluster.shared();
  const database = await cluster.database('imported');

  try {
    const service = await Service.start(cluster.url(database), settings);
    after(async () => {
      try {
        await service.stop();
      } finally {
        await cluster.drop(database);
      }
    });
    return { cluster, database, service, client: new Client(service.url) };
  } catch (error) {
    await cluster.drop(database);
    throw error;
  }
}
