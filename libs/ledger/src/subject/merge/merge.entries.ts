import { aboutSubject, type CatalogueEntry } from '../../catalogue-entry.js';
import { MergeSubjects, mergeSubjects, UnmergeSubjects, unmergeSubjects } from './merge.commands.js';

export const mergeEntries: readonly CatalogueEntry[] = [
  { ...aboutSubject(MergeSubjects, mergeSubjects), begins: 'merge' },
  { ...aboutSubject(UnmergeSubjects, unmergeSubjects), begins: 'release' },
];
