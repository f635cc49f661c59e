/** A certificate authority of a test's own and a server certificate for loopback (X.509 v3, RFC 5280, in DER, ECDSA on P-256). Made anew each time: no private key is ever committed. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Writes them into a directory that the test removes. */
export function writeCertificates(directory: string, name: string): Certificates {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = `Test authority ${name}`;
  const files = { caFile: join(directory, `${name}-ca.pem`), certificateFile: join(directory, `${name}.pem`), keyFile: join(directory, `${name}.key`) };
  writeFileSync(files.caFile, certificate({ issuer, subject: issuer, publicKey: ca.publicKey, signedBy: ca.privateKey, extensions: [authority] }));
  writeFileSync(files.certificateFile, certificate({ issuer, subject: 'localhost', publicKey: server.publicKey, signedBy: ca.privateKey, extensions: [loopbackNames] }));
  writeFileSync(files.keyFile, server.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return files;
}

interface Subject {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signedBy: KeyObject;
  readonly extensions: readonly Buffer[];
}

const TAG = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, utcTime: 0x17, sequence: 0x30, set: 0x31, version: 0xa0, dnsName: 0x82, ipAddress: 0x87, extensions: 0xa3 } as const;
const OID = { commonName: '550403', ecdsaWithSha256: '2a8648ce3d040302', basicConstraints: '551d13', subjectAltName: '551d11' } as const;

const sequence = (...parts: readonly Buffer[]): Buffer => der(TAG.sequence, ...parts);
const oid = (hex: string): Buffer => der(TAG.oid, Buffer.from(hex, 'hex'));
const yes = der(TAG.boolean, Buffer.from([0xff]));
const algorithm = sequence(oid(OID.ecdsaWithSha256));
const authority = sequence(oid(OID.basicConstraints), yes, der(TAG.octets, sequence(yes)));
const loopbackNames = sequence(oid(OID.subjectAltName), der(TAG.octets, sequence(der(TAG.dnsName, Buffer.from('localhost')), der(TAG.ipAddress, Buffer.from([127, 0, 0, 1])))));

function certificate({ issuer, subject, publicKey, signedBy, extensions }: Subject): string {
  const toBeSigned = sequence(
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    // A positive number of at most twenty bytes (RFC 5280, 4.1.2.2).
    der(TAG.integer, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    nameOf(issuer),
    sequence(utcTime(-1), utcTime(1)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(TAG.extensions, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, signedBy);
  const bytes = sequence(toBeSigned, algorithm, der(TAG.bits, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n').trim()}\n-----END CERTIFICATE-----\n`;
}

const nameOf = (commonName: string): Buffer => sequence(der(TAG.set, sequence(oid(OID.commonName), der(TAG.utf8, Buffer.from(commonName)))));

/** So many days from now. */
function utcTime(days: number): Buffer {
  const at = new Date(Date.now() + days * 86_400_000).toISOString();
  return der(TAG.utcTime, Buffer.from(`${at.slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
