import { aboutStream, organisations, type CatalogueEntry } from '../catalogue-entry.js';
import {
  EndOrganisationAgreement,
  endOrganisationAgreement,
  EndOrganisationService,
  endOrganisationService,
  SignOrganisationAgreement,
  signOrganisationAgreement,
  StartOrganisationService,
  startOrganisationService,
} from './agreement.commands.js';

const idOf = ({ organisation }: { readonly organisation: string }): string => organisation;

export const organisationEntries: readonly CatalogueEntry[] = [
  aboutStream(SignOrganisationAgreement, organisations, idOf, signOrganisationAgreement),
  aboutStream(StartOrganisationService, organisations, idOf, startOrganisationService),
  aboutStream(EndOrganisationService, organisations, idOf, endOrganisationService),
  aboutStream(EndOrganisationAgreement, organisations, idOf, endOrganisationAgreement),
];
