/** Every view of the ledger. */
import type { View } from '#projection/view.js';
import { knownTimeView } from './known-time/known-time.view.js';
import { organisationView } from './organisation/organisation.view.js';
import { peopleView } from './people/people.view.js';
import { recordView } from './record/record.view.js';
import { consentRegisterView } from './registers/consent-register.view.js';
import { decisionRegisterView } from './registers/decision-register.view.js';
import { deviationRegisterView } from './registers/deviation-register.view.js';
import { disclosureRegisterView } from './registers/disclosure-register.view.js';
import { receiptRegisterView } from './registers/receipt-register.view.js';
import { recipientRegisterView } from './registers/recipient-register.view.js';
import { sourceRegisterView } from './registers/source-register.view.js';
import { transferRegisterView } from './registers/transfer-register.view.js';
import { secretDisclosuresView } from './authority/secret-disclosures.view.js';
import { trailView } from './trail/trail.view.js';

export const views: readonly View[] = [
  recordView,
  trailView,
  organisationView,
  peopleView,
  knownTimeView,
  consentRegisterView,
  disclosureRegisterView,
  transferRegisterView,
  sourceRegisterView,
  recipientRegisterView,
  receiptRegisterView,
  deviationRegisterView,
  decisionRegisterView,
  secretDisclosuresView,
];
