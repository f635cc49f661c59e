import { aboutStream, authorities, type CatalogueEntry } from '../catalogue-entry.js';
import {
  AuthoriseSecretDisclosure,
  authoriseSecretDisclosure,
  DealWithSecretDeviation,
  dealWithSecretDeviation,
  EndSecrecy,
  endSecrecy,
  ReportSecretDisclosure,
  reportSecretDisclosure,
  type SecretCommand,
} from './secret-disclosure.commands.js';

const named = ({ authority }: SecretCommand): string => authority;

export const authorityEntries: readonly CatalogueEntry[] = [
  aboutStream(AuthoriseSecretDisclosure, authorities, named, authoriseSecretDisclosure),
  aboutStream(ReportSecretDisclosure, authorities, named, reportSecretDisclosure),
  aboutStream(EndSecrecy, authorities, named, endSecrecy),
  aboutStream(DealWithSecretDeviation, authorities, named, dealWithSecretDeviation),
];
