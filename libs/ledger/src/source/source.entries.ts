import { aboutStream, sources, type CatalogueEntry } from '../catalogue-entry.js';
import { EndSourceAgreement, endSourceAgreement, SignSourceAgreement, signSourceAgreement } from './source-agreement.commands.js';
import { EndSource, endSource, RegisterSource, registerSource, ResumeSource, resumeSource, type SourceCommand } from './source.commands.js';

const idOf = ({ source }: SourceCommand): string => source;

export const sourceEntries: readonly CatalogueEntry[] = [
  aboutStream(RegisterSource, sources, idOf, registerSource),
  aboutStream(EndSource, sources, idOf, endSource),
  aboutStream(ResumeSource, sources, idOf, resumeSource),
  aboutStream(SignSourceAgreement, sources, idOf, signSourceAgreement),
  aboutStream(EndSourceAgreement, sources, idOf, endSourceAgreement),
];
