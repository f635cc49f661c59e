/** The projector as a process. Nothing is imported before it is known that this Node can. */
const OLDEST = [24, 9] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(`liggare needs Node ${OLDEST.join('.')} or newer, and this is ${process.versions.node}\n`);
  process.exitCode = 1;
} else {
  const { run } = await import('./run.js');
  await run(process.env);
}

export {};
