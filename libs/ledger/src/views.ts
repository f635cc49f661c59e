/** Every view of the ledger. */
import type { View } from '#projection/view.js';
import { knownTimeView } from './known-time/known-time.view.js';
import { organisationView } from './organisation/organisation.view.js';
import { recordView } from './record/record.view.js';
import { secretDisclosuresView } from './authority/secret-disclosures.view.js';
import { trailView } from './trail/trail.view.js';

export const views: readonly View[] = [recordView, trailView, organisationView, knownTimeView, secretDisclosuresView];
