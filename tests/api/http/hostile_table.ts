// Requests by the rules of RFC 9110 and RFC 9112, each with the one outcome that it must have.
import { rows as bodies } from './hostile_bodies.js';
import { rows as connections } from './hostile_connections.js';
import { rows as fields } from './hostile_fields.js';
import { rows as requestLines } from './hostile_request_lines.js';
import type { Row } from './hostile_row.js';

export const rows: Row[] = [...requestLines, ...fields, ...bodies, ...connections];
