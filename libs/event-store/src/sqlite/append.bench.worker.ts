/** The limit of `append.bench.ts`: the same rows into the same tables and indexes, in groups, with nobody to answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { randomUUID } from 'node:crypto';
import { openLogFile } from './log-file.js';

const { file, streams, data, group, ms }: { file: string; streams: number; data: string; group: number; ms: number } = workerData;
const db = openLogFile(file);
const insertStream = db.prepare('INSERT INTO streams (name) VALUES (?)');
const insertEvent = db.prepare('INSERT INTO events (position, stream, revision, id, type, data) VALUES (?, ?, ?, ?, ?, ?)');
const sizes = new Int32Array(streams + 1);
let position = 0;
function insert(stream: number): void {
  insertEvent.run(position++, stream, sizes[stream] ?? 0, randomUUID(), 'ConsentGiven', data);
  sizes[stream] = (sizes[stream] ?? 0) + 1;
}

db.exec('BEGIN');
for (let stream = 1; stream <= streams; stream++) {
  insertStream.run(`subject-${randomUUID()}`);
  insert(stream);
}
db.exec('COMMIT');
const before = position;
const start = performance.now();
while (performance.now() - start < ms) {
  db.exec('BEGIN IMMEDIATE');
  for (let i = 0; i < group; i++) insert(1 + Math.floor(Math.random() * streams));
  db.exec('COMMIT');
}
const perSecond = (position - before) / ((performance.now() - start) / 1000);
db.close();
parentPort?.postMessage(perSecond);
