import { aboutStream, activities, type CatalogueEntry } from '../catalogue-entry.js';
import { ChangeActivity, changeActivity, RegisterActivity, registerActivity, RetireActivity, retireActivity } from './activity.commands.js';

const idOf = ({ activity }: { readonly activity: string }): string => activity;

export const activityEntries: readonly CatalogueEntry[] = [
  aboutStream(RegisterActivity, activities, idOf, registerActivity),
  aboutStream(ChangeActivity, activities, idOf, changeActivity),
  aboutStream(RetireActivity, activities, idOf, retireActivity),
];
