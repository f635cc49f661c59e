import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One temporary directory for the whole run, inherited by every worker and child, so that what is left behind can be told. */
export default function ownTemp() {
  process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'liggare-tests-'));
}
